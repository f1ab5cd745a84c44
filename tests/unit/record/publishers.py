"""Tiny files of the form that each publisher gives, and a workbook writer for those that give workbooks."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_WORKBOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" sheetId="1"
 r:id="rId1"/></sheets></workbook>"""
_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"""
_RELATION = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
 Target="{target}"/></Relationships>"""

FORTNA = ["victory", "treaty", "pkop", "pk_dum", "consent", "enforce"]
CONTROLS = ["wartype", "logcost", "logdead", "wardur", "faction", "contraband", "infst", "past_ag", "garm", "gdpcap"]
PROVISIONS = ["cease", "intarmy", "ddr", "withd", "shagov", "aut", "pko"]
PERIODS = [f"{end}{unit}{i}" for i in (1, 2) for end in ("Start", "End") for unit in ("Month", "Day", "Year")]
DYADS = "dyad_id,dyadepisode,dyadterm,year,location,side_a,side_b,outcome,ependdate,recur,start_date,start_date2"
EVENTS = "med_event_ID,conflict_country,Day,Month,Year,num_med,num_local,if_loc_belig,agmt,shuttle,med_type,Summary"

SAMPLES: dict[str, tuple[str, list[str]]] = {
    "economist_area": (
        "date,area_assessed_as_russia_controlled,area_assessed_as_russia_controlled_percent",
        ["2024-01-30,60362800000,10", "2024-01-31,120725600000,20", "2024-02-01,181088400000,30"],
    ),
    "economist_casualties": (
        "date,estimate,pi_low,pi_high,type,country",
        ["2024-01-02,20,10,30,deaths,russia", "2024-01-01,10,5,15,deaths,russia"],
    ),
    "kiel": (
        "country,iso,year,month,total,financial,humanitarian,military",
        ["A,AAA,2024,1,1.5,0,0,1.5", "A,AAA,2024,3,2,2,0,0", "B,BBB,2024,2,1,0,1,0"],
    ),
    "general_staff_losses": ("date,personnel,personnel*", ["2024-01-01,10,about", "2024-01-03,20,more"]),
    "ucdp_agreements": (
        ",".join(["paid,conflict_name,year,pa_date,ended,duration,pa_type", *PROVISIONS]),
        [
            "1,X,2000,2000-01-01,True,2001-01-01,1,1,0,0,0,0,0,1",
            "2,X,2000,2000-01-01,,,2,0,0,0,0,0,0,0",
            "3,Y,2000,2000-01-01,True,,3,0,0,0,0,0,0,0",
        ],
    ),
    "ucdp_terminations": (
        DYADS,
        [
            "7,1,0,2000,P,A,B,,.,0,1999-06-01,2000-01-01",
            "7,1,1,2001,P,A,B,2,2001-12-31,0,1999-06-01,2000-01-01",
            "7,2,1,2005,P,A,B,5,2005-12-31,1,1999-06-01,2005-01-01",
        ],
    ),
    "cow_wars": (
        ",".join(["WarNum,WarName", *PERIODS, "Outcome,BatDeath"]),
        [
            "1,W,1,1,1900,1,31,1900,-8,-8,-8,-8,-8,-8,1,100",
            "1,W,1,11,1900,2,10,1900,3,1,1900,3,2,1900,2,-9",
            "2,V,1,1,1950,-9,-9,-7,-8,-8,-8,-8,-8,-8,5,10",
        ],
    ),
    "fortna_spells": (
        ",".join(["id,cname,cluster,t0,t1,_t0,_t,failed,pcw", *FORTNA, *CONTROLS, "major"]),
        [
            "1,X,XXX,2000-01-01,2000-02-01,0,31,0,1,0,1,4,1,1,0," + ",".join(["1"] * 11),
            "1,X,XXX,2000-02-01,2000-03-01,31,60,1,1,0,1,0,0,0,0," + ",".join([""] * 11),
            "2,Y,YYY,2000-02-01,2000-02-01,31,31,0,0,1,0,0,0,0,0," + ",".join(["1"] * 11),
        ],
    ),
    "fortna_small": (
        ",cfdate,faildate,peacekeepers?,badness,censored?",
        ["X,0,731,1,-5.5,0", "Y,0,3652,0,NA,1"],
    ),
    "mend": (
        EVENTS,
        [
            "E2,Sudan; Egypt,,2,2020,1,2+,1,1,0,M,secret words",
            "E1,Yemen,3,1,2020,2,1,,0,,MR,secret words",
        ],
    ),
    "pax": (
        "Con,PPName,AgtId,Agt,Dat,Agtp,Stage,ThrdPart,Ce",
        ["X,P,1,Accord,2001-02-03,Intra,Cea,UN,3", "X,P,2,Accord,2001-02-04,Intra,Odd,,0"],
    ),
    "polls": (
        "series,poll_id,period,answer,share",
        [
            "S,P1,2024,yes,0.5",
            "S,P2,2024-05,no,0.6",
            "S,P3,2024-05-06,no,0.9",
            "S,P3,2024-05-06,yes,0.9",
            "S,P4,soon,no,1",
        ],
    ),
}
"""A header and rows for each source."""

FORMS = {"general_staff_losses": "json", "ucdp_agreements": "xlsx", "ucdp_terminations": "xlsx"}
"""The form in which a publisher gives its file, where that is not CSV."""


def write_sample(folder: Path, name: str, header: str, rows: Sequence[str]) -> Path:
    """Write cells in the format of a source's publisher; every cell is cut at its commas."""
    kind = FORMS.get(name, "csv")
    path = folder / f"{name}.{kind}"
    if kind == "csv":
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    elif kind == "json":
        import json

        names = header.split(",")
        path.write_text(json.dumps([dict(zip(names, row.split(","), strict=True)) for row in rows]), encoding="utf-8")
    else:
        write_workbook(path, [header.split(","), *(row.split(",") for row in rows)])
    return path


def write_workbook(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows of text cells as the smallest workbook that can be read."""
    body = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row) + "</row>"
        for row in rows
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{body}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATION.format(kind="officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", _WORKBOOK)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", _RELATION.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
