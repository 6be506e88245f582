"""Templates to start from: the heads, an example row, and in XLSX a sheet that explains each column."""

from typing import Any

from django.utils.translation import gettext as _

from config import tables
from config.tables import Worksheet
from portal.bringing_in.columns import Sheet


def heads_of(sheet: Sheet) -> list[str]:
    return [column.head for column in sheet.columns]


def example_of(sheet: Sheet) -> list[Any]:
    return [column.example for column in sheet.columns]


def workbook_of(sheet: Sheet) -> Any:
    rows = Worksheet(str(sheet.title), heads_of(sheet), [example_of(sheet)], [column.width for column in sheet.columns])
    heads = [_("Column"), _("Needed"), _("What goes there"), _("For example")]
    explained = [[one.head, _("yes") if one.needed else _("no"), str(one.says), one.example] for one in sheet.columns]
    explained.append([])
    explained.append([_("The first row below the heads is an example. You can leave it: it is passed over.")])
    return tables.workbook([rows, Worksheet(_("What goes where"), heads, explained, [26, 10, 76, 32])])
