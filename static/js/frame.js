// The only script on every page.

// After a refused form, the summary of what is wrong takes the focus.
document.querySelector("[data-takes-focus]")?.focus();

// With words on this device that were not saved yet, signing out leads to the page that asks about them.
document.querySelector("form[data-signs-out]")?.addEventListener("submit", (event) => {
  if (!hasUnsavedWords()) return;
  event.preventDefault();
  location.assign(event.target.action);
});

function hasUnsavedWords() {
  try {
    return Object.keys(localStorage).some((slot) => slot.startsWith("alongside.draft."));
  } catch {
    return false; // no storage, no words in it
  }
}
