// Finds what could point to a real person in a text: the twin of config/identifying in Python, which says why each rule is
// as it is. tests/config/identifying_corpus.json holds both to the same answers. Nothing is sent anywhere.

const NEARBY = 30;
const LABEL_NEARBY = 40;
const ADULT_YEARS = 16;
const MOST_GROUPS = 6;
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;
const MOST_PARTS = 6;
const FEWEST_LETTERS = 3;

// ---- Plain text: ASCII, one character for each code point ----

const OTHER_LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i", ς: "σ" };

const withoutAccents = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
const isLetter = (character) => /^[\p{L}\p{M}]$/u.test(character);
const isAscii = (character) => character <= "\u007f";

function folded(character) {
  const small = withoutAccents(character).toLowerCase();
  return OTHER_LETTERS[small] ?? small;
}

function plainCharacter(character) {
  if (isAscii(character)) return character;
  if ("\u2018\u2019\u02bc\u2032".includes(character)) return "'";
  if ("\u2014\u2015".includes(character)) return " ";
  if (/^[\p{Pd}\u2212]$/u.test(character)) return "-";
  const simple = withoutAccents(character);
  if (simple.length === 1 && isAscii(simple)) return simple;
  if (!/^[\p{L}\p{M}\p{N}]$/u.test(character) || /^[0-9]/.test(simple)) return " ";
  return simple && isAscii(simple[0]) ? simple[0] : "\u00ff";
}

const before = (text, place, length) => text.slice(Math.max(0, place - length), place);
const after = (text, place, length) => text.slice(place, place + length);

// ---- Numbers ----

const NHS_SHAPES = new Set(["10", "3,3,4", "3,7", "6,4"]);
const NHS_WORD = "(?<![A-Za-z0-9_])(?:nhs|chi|h ?& ?c|hcn)(?![A-Za-z0-9_])";
const NHS_NUMBER_WORD = "[ .-]{0,3}(?:num|nr|(?:no|id|is)(?![A-Za-z0-9_])|[#:(=])";
const NHS_BEFORE = new RegExp(`${NHS_WORD}(?:${NHS_NUMBER_WORD}|[ .-]{0,3}$)`, "i");
const NHS_AFTER = new RegExp(`${NHS_WORD}${NHS_NUMBER_WORD}`, "i");
const UK_PHONE = /^(?:0[1-357-9][0-9]{9}|0[58]00[0-9]{6}|(?:00)?440?[1-9][0-9]{8,9})$/;
const LIBRARY =
  /(?<![A-Za-z0-9_])(?:isbns?|issn|ean|pmids?|pubmed|pmc|doi|orcid|isrctn|nct)(?![A-Za-z_])/i;
const REFERENCE =
  /(?<![A-Za-z0-9_])(?:ref|refs|reference|grant|award|order|invoice|account|acct|charity|policy|serial|barcode|ticket)(?: (?:number|code|no|id))?(?: is| was)?[ .:#(-]{0,3}$/i;

function isNhsNumber(digits) {
  if (digits.length !== 10 || new Set(digits).size === 1) return false;
  let sum = 0;
  for (let place = 0; place < 9; place += 1) sum += Number(digits[place]) * (10 - place);
  const check = 11 - (sum % 11);
  return (check === 11 ? 0 : check) === Number(digits[9]);
}

function isFromEngland(digits) {
  const nine = Number(digits.slice(0, 9));
  return (nine >= 400_000_000 && nine <= 499_999_999) || (nine >= 600_000_000 && nine <= 799_999_999);
}

function digitGroups(text) {
  const groups = [];
  for (const match of text.matchAll(/[0-9]+/g)) {
    const last = groups.at(-1);
    const gap = last && match.index - last.end <= 3 ? text.slice(last.end, match.index) : "";
    groups.push({
      start: match.index,
      end: match.index + match[0].length,
      gap: /^[ ().-]{1,3}$/.test(gap) ? gap : null,
    });
  }
  return groups;
}

const numberStart = (text, group) => group.start - (/\(?\+?\(?$/.exec(before(text, group.start, 3))?.[0].length ?? 0);

function opensNumber(text, groups, first) {
  const group = groups[first];
  if (group.gap === "-" || group.gap === ".") return false;
  if (group.gap && ["978", "979"].includes(text.slice(groups[first - 1].start, groups[first - 1].end))) return false;
  return !/[A-Za-z0-9_/.=&%ÿ-]$/.test(before(text, numberStart(text, group), 1));
}

function numberKind(text, start, end, sizes, digits) {
  let kind;
  if (
    isNhsNumber(digits) &&
    ((NHS_SHAPES.has(sizes.join()) && isFromEngland(digits)) ||
      NHS_BEFORE.test(before(text, start, NEARBY)) ||
      NHS_AFTER.test(after(text, end, NEARBY)))
  ) {
    kind = "nhs_number";
  } else if (after(text, start, 3).includes("+") || (sizes[0] > 1 && UK_PHONE.test(digits))) {
    if (REFERENCE.test(before(text, start, LABEL_NEARBY))) return null;
    kind = "phone";
  } else {
    return null;
  }
  return LIBRARY.test(before(text, start, LABEL_NEARBY)) ? null : kind;
}

function longestNumber(text, groups, first) {
  const start = numberStart(text, groups[first]);
  const sizes = [];
  let digits = "";
  let best = null;
  for (const group of groups.slice(first, first + MOST_GROUPS)) {
    const size = group.end - group.start;
    if ((sizes.length && group.gap === null) || digits.length + size > MOST_DIGITS) break;
    digits += text.slice(group.start, group.end);
    sizes.push(size);
    if (digits.length < FEWEST_DIGITS || /^(?:[A-Za-z0-9_/ÿ]|[.-][0-9])/.test(after(text, group.end, 2))) continue;
    const kind = numberKind(text, start, group.end, sizes, digits);
    if (kind) best = { kind, start, end: group.end, taken: sizes.length };
  }
  return best;
}

function numbers(text) {
  const groups = digitGroups(text);
  const found = [];
  let first = 0;
  while (first < groups.length) {
    const number = opensNumber(text, groups, first) ? longestNumber(text, groups, first) : null;
    if (number) found.push({ kind: number.kind, start: number.start, end: number.end });
    first += number ? number.taken : 1;
  }
  return found;
}

// ---- Dates of birth ----

const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?" +
  "|nov(?:ember)?|dec(?:ember)?)";
const DAY = "[0-9]{1,2}(?:st|nd|rd|th)?";
const START = "(?<![A-Za-z0-9_/.ÿ-])";
const END = "(?![A-Za-z0-9_/ÿ-])(?!\\.[0-9])";
const YEAR = "((?:19|20)?[0-9]{2})";
const DATE_NUMBERS = new RegExp(`${START}([0-9]{1,2})( ?[/.-] ?| )([0-9]{1,2})\\2${YEAR}${END}`, "g");
const DATE_BY_YEAR = new RegExp(`${START}((?:19|20)[0-9]{2})([/.-])([0-9]{1,2})\\2([0-9]{1,2})${END}`, "g");
const DATE_WORDS = [
  new RegExp(`${START}${DAY}[ /.-]{0,2}(?:of )?(?:${MONTH})[ /.,-]{1,3}${YEAR}${END}`, "gi"),
  new RegExp(`${START}(?:${MONTH})\\.? (?:the )?${DAY},? {1,2}((?:19|20)[0-9]{2})${END}`, "gi"),
];
const BORN =
  /(?<![A-Za-z0-9_])(?:born|date of birth|birth ?date|birthdays?|d\.? ?o\.? ?b)(?![A-Za-z0-9_])/i;
const OF_SOMETHING_ELSE =
  /(?<![A-Za-z0-9_])(?:accessed|act|began|founded|launched|opened|published|qualified|retrieved|started)(?![A-Za-z0-9_])/i;
const UNIT = /^ ?(?:mg|mcg|microgram|ml|mmol|g|kg|units?|%|per cent)(?![A-Za-z0-9_])/i;

function wholeYear(year, thisYear) {
  const number = Number(year);
  if (number > 99) return number;
  return number + (number > thisYear % 100 ? 1900 : 2000);
}

function canBe(first, second) {
  const low = Math.min(Number(first), Number(second));
  const high = Math.max(Number(first), Number(second));
  return low >= 1 && low <= 12 && high <= 31;
}

function dates(text) {
  const found = [];
  const add = (match, year, clear) =>
    found.push({ start: match.index, end: match.index + match[0].length, year, clear });
  for (const match of text.matchAll(DATE_NUMBERS)) {
    const form = match[2] === "/" || (match[4].length === 4 && match[2] !== " ");
    const clear = form && !UNIT.test(after(text, match.index + match[0].length, 16));
    if (canBe(match[1], match[3])) add(match, match[4], clear);
  }
  for (const match of text.matchAll(DATE_BY_YEAR)) {
    if (canBe(match[3], match[4])) add(match, match[1], true);
  }
  for (const pattern of DATE_WORDS) {
    for (const match of text.matchAll(pattern)) add(match, match[1], true);
  }
  return found;
}

function birthDates(text, thisYear) {
  return dates(text)
    .filter(({ start, end, year, clear }) => {
      const words = before(text, start, NEARBY);
      const isOld =
        clear && wholeYear(year, thisYear) <= thisYear - ADULT_YEARS && !OF_SOMETHING_ELSE.test(words);
      return isOld || BORN.test(words) || BORN.test(after(text, end, NEARBY));
    })
    .map(({ start, end }) => ({ kind: "birth_date", start, end }));
}

// ---- Names that the pair listed ----

const wordSet = (words) => new Set(words.trim().split(/\s+/));
const EVERYDAY = wordSet(`
  ace amber an angel april art august autumn baker bay bell bill black bless blue bond booth brook brown buck bush
  butler carol cash chance charity christian clay cliff close constant cook cooper crystal dale dawn dean do dot
  drew earl early earnest eve faith fern field fisher flora ford forest frank gene ginger glen good grace grant gray
  green guy hall harmony haven hazel heath heather heaven hill holly hope hunt iris ivy jade jay jewel joy june keen
  kid king kit lake lance lane law lily long love major march mark marsh mason may mead melody mercy merry mile
  miles mills misty moor more moss nick noble north novel olive page park pat patience pearl penny piper poppy
  potter price pride prudence ray read rich rick rob robin rock rose rowan ruby rush rusty sage sandy scarlet sharp
  short sky skye sonny south spring stone storm street strong sue summer sunny swift tad temple troy tuck vale van
  victor violet wade walker ward warren waters way weaver well wells west white will wills win winter wise wood
  woods worth york young
`);
const NEVER_ALONE = wordSet(`
  and aunt auntie baby bin boss boy brother carer child colleague cousin dad dame daughter del den der doctor dr
  father friend from girl gran grandad grandma grandson her his husband ibn lady lord manager miss mother mr mrs ms
  mum mummy mx nan neighbour nephew niece nurse our partner patient prof professor rev reverend sir sister son the
  their uncle von wife with
`);
const MONTHS = wordSet("april august june march may");
const BEFORE_MONTHS = wordSet(
  "in of by since until till last next this every from to early late mid during before after and or through",
);
const PASSED_OVER = " \t\"'\u2018\u2019\u201c\u201d([*_>-\u2013\u2022";

// `characters`: the text as a list of code points.
function wordsOf(characters) {
  const words = [];
  let start = 0;
  let letters = null;
  for (let place = 0; place <= characters.length; place += 1) {
    if (place < characters.length && isLetter(characters[place])) {
      if (letters === null) {
        start = place;
        letters = "";
      }
      letters += folded(characters[place]);
    } else if (letters !== null) {
      words.push({ start, end: place, folded: letters });
      letters = null;
    }
  }
  return words;
}

// By code points, as Python counts.
const lettersIn = (text) => [...text].length;

function wantedNames(names) {
  const wanted = new Map();
  for (const name of names) {
    const whole = wordsOf([...name]).slice(0, MOST_PARTS).map((word) => word.folded);
    const doubles = name.split(/\s+/).map((part) => wordsOf([...part]).map((word) => word.folded));
    const joined = doubles.map((double) => double.join(""));
    const parts = new Set([...whole, ...joined].filter((part) => !NEVER_ALONE.has(part)));
    const alone = [...parts].filter((part) => lettersIn(part) >= FEWEST_LETTERS).map((part) => [part]);
    for (const sequence of [whole, ...alone, ...doubles.filter((one) => one.length > 1 && one.length <= MOST_PARTS)]) {
      if (lettersIn(sequence.join("")) < 2) continue;
      wanted.set(sequence[0], [...(wanted.get(sequence[0]) ?? []), sequence]);
    }
  }
  return wanted;
}

function beginsSentence(characters, place) {
  let at = place;
  while (at && PASSED_OVER.includes(characters[at - 1])) at -= 1;
  return !at || ".!?:\n\r".includes(characters[at - 1]);
}

const isCapital = (character) => character !== undefined && /^\p{Lu}$/u.test(character);
const hasCapital = (characters, word) =>
  isCapital(characters[word.start]) && !(word.end > word.start + 1 && isCapital(characters[word.start + 1]));

function isMonth(characters, words, at) {
  const word = words[at];
  if (!MONTHS.has(word.folded)) return false;
  const around = [...before(characters, word.start, 5), ...after(characters, word.end, 3)];
  return around.some((one) => one >= "0" && one <= "9") || (at > 0 && BEFORE_MONTHS.has(words[at - 1].folded));
}

function isMeant(characters, words, at, length) {
  const taken = words.slice(at, at + length);
  if (taken.some((word) => !EVERYDAY.has(word.folded) && lettersIn(word.folded) >= FEWEST_LETTERS)) return true;
  if (length > 1) return taken.every((word) => hasCapital(characters, word));
  return (
    hasCapital(characters, taken[0]) &&
    !beginsSentence(characters, taken[0].start) &&
    !isMonth(characters, words, at)
  );
}

function stands(characters, words, at, sequence) {
  const taken = words.slice(at, at + sequence.length);
  return (
    taken.length === sequence.length &&
    taken.every((word, place) => word.folded === sequence[place]) &&
    taken.every((word, place) => {
      if (!place) return true;
      const gap = characters.slice(taken[place - 1].end, Math.min(word.start, taken[place - 1].end + 3)).join("");
      return /^(?:[ .'\u2019-]{1,2}|\r?\n)$/.test(gap);
    }) &&
    isMeant(characters, words, at, sequence.length)
  );
}

function listedNames(characters, names) {
  const wanted = wantedNames(names);
  const words = wanted.size ? wordsOf(characters) : [];
  const found = [];
  words.forEach((word, at) => {
    const fitting = (wanted.get(word.folded) ?? []).filter((one) => stands(characters, words, at, one));
    if (!fitting.length) return;
    const longest = Math.max(...fitting.map((one) => one.length));
    found.push({ kind: "name", start: word.start, end: words[at + longest - 1].end });
  });
  return found;
}

// ---- All of it ----

const EMAIL =
  /[A-Za-z0-9_ÿ.+'-]{1,64}(?:@| ?[(\[]at[)\]] ?)(?:[A-Za-z0-9_ÿ-]{1,63}\.){1,4}[A-Za-zÿ]{2,24}/gi;
const AREAS = [
  ...wordSet(`
  AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH
  EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M
  ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST
  SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE
  `),
].join("|");
const POSTCODE = new RegExp(
  `(?<![A-Za-z0-9_/ÿ-])(?:GIR ?0AA|(?:${AREAS})[0-9][0-9A-HJKMNPR-Y]? {0,2}[0-9][ABD-HJLNP-UW-Z]{2})` +
    "(?![A-Za-z0-9_/ÿ-])",
  "gi",
);
const ORDINAL_OR_UNIT = /^[A-Za-z0-9]{2,3} {1,2}[0-9](?:st|nd|rd|th|hr|yr|lb|ft|pt)$/;

const matches = (kind, pattern, text) =>
  [...text.matchAll(pattern)].map((match) => ({
    kind,
    start: match.index,
    end: match.index + match[0].length,
    text: match[0],
  }));

// The places of code points in the text as the browser counts it (UTF-16), with its length at the end.
function placesOf(characters) {
  const places = [0];
  for (const character of characters) places.push(places.at(-1) + character.length);
  return places;
}

// [{kind, start, end, text}] in reading order, without overlaps; start and end count UTF-16 units.
export function find(text, { thisYear, names = [] }) {
  const characters = [...text];
  const simple = characters.map(plainCharacter).join("");
  const all = [
    ...matches("email", EMAIL, simple),
    ...birthDates(simple, thisYear),
    ...numbers(simple),
    ...matches("postcode", POSTCODE, simple).filter((one) => !ORDINAL_OR_UNIT.test(one.text)),
    ...listedNames(characters, names),
  ].sort((one, two) => one.start - two.start || two.end - one.end);
  const places = placesOf(characters);
  const kept = [];
  let done = 0;
  for (const { kind, start, end } of all) {
    if (start < done) continue;
    kept.push({ kind, start: places[start], end: places[end], text: text.slice(places[start], places[end]) });
    done = end;
  }
  return kept;
}
