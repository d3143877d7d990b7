"""Opens every file of a case file with a library of others, and compares what it reads with what is known: counts, ids, labels, days, attributes,
scores, rows. A format may lose what docs/analyst.md says it loses, and nothing else. Prints a table; ends with 1 where anything differs.

usage: check.py CASE TRUTH
"""

import collections
import csv
import importlib.metadata
import json
import logging
import re
import shutil
import subprocess
import sys
import time
import warnings
import xml.etree.ElementTree as ET

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
csv.field_size_limit(1 << 30)

CASE, TRUTH = sys.argv[1], sys.argv[2]
GRAPH = CASE + "/data/graph/"
HANDLING = "TLP:GREEN"
KNOWN = json.load(open(TRUTH, encoding="utf-8"))
NODES, EDGES = KNOWN["nodes"], KNOWN["edges"]
checked = set()


class Differs(Exception):
    """What was read is not what was written."""


class Tally:
    """Counts comparisons, and stops at the first difference."""

    def __init__(self):
        self.values = 0

    def same(self, got, want, where):
        self.values += 1
        if got != want:
            raise Differs(f"{where}: read {str(got)[:200]!r}, written {str(want)[:200]!r}")


def path(name):
    checked.add(name)
    return GRAPH + name


def text(name):
    return open(path(name), encoding="utf-8", newline="").read()


def rows(thing):
    return [f"{o['Source']}:{o['Row']}" for o in thing["Rows"] or []]


def joined(attributes):
    """Values by name, several joined, as the flat formats have them."""
    all_ = collections.OrderedDict()
    for a in attributes or []:
        all_.setdefault(a["name"], []).append(a["value"])
    return {name: "; ".join(values) for name, values in all_.items() if "; ".join(values) != ""}


def listed(attributes):
    all_ = {}
    for a in attributes or []:
        all_.setdefault(a["name"], []).append(a["value"])
    return all_


def columns(fixed, things, scores=()):
    """The columns that attributes have beside fixed ones: stated_ goes before until the name is free."""
    taken = list(fixed) + ["score_" + s for s in scores]
    named = {}
    for name in sorted({a["name"] for t in things for a in t["attributes"] or []}, key=lambda n: n.encode()):
        column = name
        while column in taken:
            column = "stated_" + column
        taken.append(column)
        named[name] = column
    return named


SCORES = sorted({s["name"] for n in NODES for s in n.get("scores") or []})


def scores(node):
    return {"score_" + s["name"]: s["value"] for s in node.get("scores") or []}


def xml_text(value):
    """What XML 1.0 cannot hold is U+FFFD."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", value)


def flat(things, fixed, keep, value=lambda v: v, score=True):
    """What a flat format says of each thing: fixed columns, scores, attributes; nothing where nothing is said."""
    named = columns(fixed, things, SCORES if score else ())
    for i, t in enumerate(things):
        said = {k: v for k, v in keep(i, t).items() if v not in ("", [], None)}
        if score:
            said.update(scores(t))
        said.update({named[n]: v for n, v in joined(t["attributes"]).items()})
        yield {k: value(v) if isinstance(v, str) else v for k, v in said.items()}


def node_fixed(i, n):
    return {"id": n["id"], "kind": n["kind"], "label": n["label"], "chosen": n["chosen"], "records": " ".join(n.get("records") or []),
            "start": n["start"], "end": n["end"], "doubts": None, "rows": " ".join(rows(n))}


def edge_fixed(i, e):
    return {"id": f"e{i + 1}", "from": e["from"], "to": e["to"], "kind": e["kind"], "start": e["start"], "end": e["end"], "key": e.get("key", ""),
            "doubts": None, "rows": " ".join(rows(e))}


NODE_COLUMNS = ["id", "kind", "label", "chosen", "records", "start", "end", "doubts", "rows"]
EDGE_COLUMNS = ["id", "from", "to", "kind", "start", "end", "key", "doubts", "rows"]


def without(mapping, *names):
    return {k: v for k, v in mapping.items() if k not in names}


# --- tables


TRIGGERS = tuple("=+-@\t\r\n＝＋－＠")


def number(cell):
    try:
        float(cell)
        return True
    except ValueError:
        return False


def defused(cell):
    """An apostrophe goes before what a spreadsheet would compute, but for numbers."""
    return "'" + cell if cell.startswith(TRIGGERS) and not number(cell) else cell


def read_csv(t):
    for name, things, fixed, keep in (("nodes.csv", NODES, NODE_COLUMNS, node_fixed), ("edges.csv", EDGES, EDGE_COLUMNS, edge_fixed)):
        lines = list(csv.DictReader(open(path(name), encoding="utf-8", newline="")))
        t.same(len(lines), len(things), name)
        for line, want in zip(lines, flat(things, fixed, keep, score=name == "nodes.csv")):
            for cell in line.values():
                if cell and cell[0] in "=+-@\t\r\n＝＋－＠":
                    float(cell)  # a number is all that may begin so
            got = {k: v for k, v in line.items() if v != "" and k != "doubts"}
            ident = want["id"]
            want = {defused(k): str(v).lower() if isinstance(v, bool) else defused(v) if isinstance(v, str) else v for k, v in want.items()}
            for k, v in want.items():
                if not isinstance(v, str):
                    got[k] = float(got[k])
            t.same(got, want, f"{name} {ident}")
    return "csv of Python"


def read_i2_csv(t):
    nodes = {n["id"]: n for n in NODES}
    for name, things in (("i2-entities.csv", NODES), ("i2-links.csv", EDGES)):
        lines = list(csv.DictReader(open(path(name), encoding="utf-8", newline="")))
        t.same(len(lines), len(things), name)
        for i, (line, thing) in enumerate(zip(lines, things)):
            got = line
            if name == "i2-entities.csv":
                want = {"identity": thing["id"], "type": thing["kind"], "label": thing["label"]}
            else:
                a, b = nodes[thing["from"]], nodes[thing["to"]]
                want = {"identity": f"e{i + 1}", "from_identity": a["id"], "from_type": a["kind"], "from_label": a["label"], "to_identity": b["id"],
                        "to_type": b["kind"], "to_label": b["label"], "type": thing["kind"], "event": thing.get("key", "")}
            want.update({"date": thing["start"], "end_date": thing["end"], "source_reference": " ".join(rows(thing))})
            t.same({k: got[k] for k in want}, {k: defused(v) for k, v in want.items()}, f"{name} {i}")
            values = sorted(defused(v) for v in joined(thing["attributes"]).values())
            t.same(sorted(v for v in values if v in got.values()), values, f"{name} {i} attributes")
    return "csv of Python"


def read_xlsx(t):
    import openpyxl

    book = openpyxl.load_workbook(path("network.xlsx"))
    t.same(book.sheetnames, ["nodes", "edges", "rows", "about"], "sheets")
    unescaped = lambda v: re.sub("_x005F_", "_", v)
    for sheet, things, fixed, keep in (("nodes", NODES, NODE_COLUMNS, node_fixed), ("edges", EDGES, EDGE_COLUMNS, edge_fixed)):
        lines = list(book[sheet].iter_rows())
        header = [unescaped(c.value) for c in lines[0]]
        t.same(len(lines) - 1, len(things), sheet)
        for line, want in zip(lines[1:], flat(things, fixed, keep, score=sheet == "nodes")):
            for c in line:
                if c.value is not None:
                    t.same(c.data_type, "s", f"type of {sheet} {c.coordinate}")
            got = {k: unescaped(c.value) for k, c in zip(header, line) if c.value is not None and k != "doubts"}
            for k, v in want.items():
                if isinstance(v, bool):
                    want[k] = str(v).lower()
                elif not isinstance(v, str):
                    got[k] = float(got[k])
                else:
                    want[k] = xml_text(v).replace("\r\n", "\n").replace("\r", "\n")
                    if isinstance(got.get(k), str):
                        got[k] = got[k].replace("\r\n", "\n").replace("\r", "\n")
                    if len(v.encode("utf-16-le")) // 2 > 32767:
                        t.same(got[k].endswith("[cut here; network.json has all]"), True, "a cut cell says so")
                        want[k] = got[k]
            t.same(got, want, f"{sheet} {want['id']}")
    t.same(book["rows"].max_row - 1, sum(KNOWN["rows"].values()), "rows")
    about = {r[0].value: r[1].value for r in book["about"].iter_rows(min_row=2)}
    t.same((about["title"], about["handling"]), (KNOWN["title"], HANDLING), "about")
    return "openpyxl " + openpyxl.__version__


def read_parquet(t):
    import pyarrow
    import pyarrow.parquet

    read = lambda name: pyarrow.parquet.read_table(path(name)).to_pylist()
    iso = lambda d: d.isoformat() if d else ""
    for name, things in (("nodes.parquet", NODES), ("edges.parquet", EDGES)):
        got = read(name)
        t.same(len(got), len(things), name)
        t.same(pyarrow.parquet.read_metadata(path(name)).metadata[b"handling"].decode(), HANDLING, "handling of " + name)
        for i, (g, w) in enumerate(zip(got, things)):
            attributes = [{"name": a["name"], "value": a["value"], "mark": a.get("mark", "")} for a in w["attributes"] or []]
            want = {"kind": w["kind"], "start": w["start"], "end": w["end"], "attributes": attributes,
                    "rows": [{"source": o["Source"], "row": o["Row"]} for o in w["Rows"] or []]}
            if name == "nodes.parquet":
                want.update({"id": w["id"], "label": w["label"], "chosen": w["chosen"], "records": w.get("records") or [], "scores": w.get("scores") or []})
            else:
                want.update({"id": f"e{i + 1}", "from": w["from"], "to": w["to"], "event": w.get("key", "")})
            g["start"], g["end"] = iso(g["start"]), iso(g["end"])
            t.same(g, want, f"{name} {i}")
    return "pyarrow " + pyarrow.__version__


# --- graph formats


def networkx():
    import networkx

    return networkx


def compare_nx(t, graph, node, edge, keyed=True):
    """A NetworkX graph beside the truth: node and edge yield what is wanted of each."""
    t.same(graph.number_of_nodes(), len(NODES), "nodes")
    t.same(graph.number_of_edges(), len(EDGES), "edges")
    for n, want in zip(NODES, node):
        t.same({k: v for k, v in graph.nodes[n["id"]].items() if k not in ("doubts", "d")}, want, n["id"])
    for i, (e, want) in enumerate(zip(EDGES, edge)):
        key = f"e{i + 1}"
        t.same(graph.has_edge(e["from"], e["to"], key), True, f"{key} from {e['from']} to {e['to']}")
        t.same(without(graph.edges[e["from"], e["to"], key], "doubts"), want, key)


def read_graphml(t):
    nx = networkx()
    graph = nx.read_graphml(path("network.graphml"), force_multigraph=True)
    t.same(graph.graph["handling"], HANDLING, "handling")
    node = flat(NODES, NODE_COLUMNS, lambda i, n: without(node_fixed(i, n), "id"), xml_text)
    edge = flat(EDGES, EDGE_COLUMNS + ["source", "target"], lambda i, e: without(edge_fixed(i, e), "id", "from", "to"), xml_text, False)
    compare_nx(t, graph, node, edge)
    return "networkx " + nx.__version__


def read_gexf(t):
    nx = networkx()
    graph = nx.read_gexf(path("network.gexf"), version="1.3")
    span = lambda w: {k: v for k, v in (("start", w["start"]), ("end", w["end"])) if v}
    node = ({**w, "label": xml_text(n["label"]), **span(n)} for n, w in zip(NODES, flat(NODES, NODE_COLUMNS,
            lambda i, n: without(node_fixed(i, n), "id", "start", "end", "label"), xml_text)))
    edge = ({**w, "id": f"e{i + 1}", "label": e["kind"], **span(e)} for i, (e, w) in enumerate(zip(EDGES, flat(EDGES,
            ["event", "doubts", "rows", "id", "key", "label", "source", "target", "start", "end"], lambda i, e: {"event": e.get("key", ""), "rows": " ".join(rows(e))}, xml_text, False))))
    compare_nx(t, graph, node, edge)
    return "networkx " + nx.__version__


def read_json(t):
    nx = networkx()
    graph = nx.node_link_graph(json.load(open(path("network.json"), encoding="utf-8")), edges="links")
    t.same(graph.graph["handling"], HANDLING, "handling")
    own = lambda thing: [{"name": a["name"], "value": a["value"], **({"mark": a["mark"]} if a.get("mark") else {})} for a in thing["attributes"] or []]
    row = lambda thing: [{"source": o["Source"], "row": o["Row"]} for o in thing["Rows"] or []]
    node = ({**{k: n[k] for k in ("kind", "label", "chosen", "start", "end")}, **({"records": n["records"]} if n.get("records") else {}),
             **({"scores": n["scores"]} if n.get("scores") else {}), "attributes": own(n), "rows": row(n)} for n in NODES)
    edge = ({"id": f"e{i + 1}", "kind": e["kind"], "start": e["start"], "end": e["end"], **({"event": e["key"]} if e.get("key") else {}),
             "attributes": own(e), "rows": row(e)} for i, e in enumerate(EDGES))
    compare_nx(t, graph, node, edge)
    return "networkx " + nx.__version__


def read_cytoscape(t):
    nx = networkx()
    graph = nx.cytoscape_graph(json.load(open(path("network.cyjs"), encoding="utf-8")))
    t.same(graph.graph["handling"], HANDLING, "handling")
    full = lambda w, fixed: {**{k: "" for k in fixed}, **{k: str(v).lower() if isinstance(v, bool) else v for k, v in w.items()}}
    node = (without(full({**w, "name": n["label"], "value": n["id"]}, NODE_COLUMNS), "doubts") for n, w in
            zip(NODES, flat(NODES, NODE_COLUMNS + ["name", "value"], node_fixed)))
    edge = (without({**full(without(w, "from", "to", "key"), ["start", "end", "rows"]), "event": e.get("key", ""), "interaction": e["kind"], "source": e["from"],
             "target": e["to"], "key": w["id"]}, "doubts") for e, w in zip(EDGES, flat(EDGES, EDGE_COLUMNS + ["source", "target", "interaction", "event"], edge_fixed, score=False)))
    compare_nx(t, graph, node, edge)
    return "networkx " + nx.__version__


def read_pajek(t):
    nx = networkx()
    graph = nx.read_pajek(path("network.net"))
    t.same(graph.number_of_nodes(), len(NODES), "nodes")
    t.same(graph.number_of_edges(), len(EDGES), "edges")
    kinds = collections.Counter((e["from"], e["to"], e["kind"]) for e in EDGES)
    ident = lambda name: re.search(r"\((\S+)\)$", name).group(1)
    t.same(collections.Counter((ident(a), ident(b), d["l"]) for a, b, d in graph.edges(data=True)), kinds, "ends and roles")
    return "networkx " + nx.__version__


def read_jgf(t):
    graph = json.load(open(path("network.jgf.json"), encoding="utf-8"))["graph"]
    t.same(graph["metadata"]["handling"], HANDLING, "handling")
    t.same((len(graph["nodes"]), len(graph["edges"]), graph["directed"]), (len(NODES), len(EDGES), True), "counts")
    for n in NODES:
        got = graph["nodes"][n["id"]]
        meta = got["metadata"]
        t.same((got["label"], meta["kind"], meta["start"], meta["end"], listed(meta["attributes"])), (n["label"], n["kind"], n["start"], n["end"],
               listed(n["attributes"])), n["id"])
        t.same(meta.get("scores", {}), {s["name"]: s["value"] for s in n.get("scores") or []}, "scores of " + n["id"])
    for i, (e, got) in enumerate(zip(EDGES, graph["edges"])):
        meta = got["metadata"]
        t.same((got["id"], got["source"], got["target"], got["relation"], meta["start"], meta["end"], meta["event"], listed(meta["attributes"])),
               (f"e{i + 1}", e["from"], e["to"], e["kind"], e["start"], e["end"], e.get("key", ""), listed(e["attributes"])), f"e{i + 1}")
    return "json of Python"


def read_cx2(t):
    import ndex2.cx2

    network = ndex2.cx2.RawCX2NetworkFactory().get_cx2network(path("network.cx2"))
    nodes, edges = network.get_nodes(), network.get_edges()
    t.same((len(nodes), len(edges)), (len(NODES), len(EDGES)), "counts")
    node_names = columns(["node", "kind", "name", "chosen", "records", "start", "end", "doubts", "rows"], NODES, SCORES)
    edge_names = columns(["edge", "interaction", "start", "end", "event", "doubts", "rows"], EDGES)
    present = lambda m: {k: v for k, v in m.items() if v not in ("", [])}
    for i, n in enumerate(NODES):
        want = present({"node": n["id"], "kind": n["kind"], "name": n["label"], "chosen": n["chosen"], "records": n.get("records") or [], "start": n["start"],
                        "end": n["end"], "rows": rows(n), **scores(n), **{node_names[k]: v for k, v in listed(n["attributes"]).items()}})
        t.same(without(nodes[i]["v"], "doubts"), want, n["id"])
    for i, e in enumerate(EDGES):
        want = present({"edge": f"e{i + 1}", "interaction": e["kind"], "start": e["start"], "end": e["end"], "event": e.get("key", ""), "rows": rows(e),
                        **{edge_names[k]: v for k, v in listed(e["attributes"]).items()}})
        t.same((NODES[edges[i]["s"]]["id"], NODES[edges[i]["t"]]["id"]), (e["from"], e["to"]), f"ends of e{i + 1}")
        t.same(without(edges[i]["v"], "doubts"), want, f"e{i + 1}")
    return "ndex2 " + importlib.metadata.version("ndex2")


def pictures(text):
    """A text with the pictures of its control characters, but for tabs and line breaks."""
    return "".join(chr(0x2400 + ord(c)) if c < " " and c not in "\t\n\r" else "\u2421" if c == "\x7f" else c for c in text)


def read_dot(t):
    dot = shutil.which("dot")
    if not dot:
        return None
    said = subprocess.run([dot, "-Tdot_json", path("network.dot")], capture_output=True, check=True).stdout
    graph = json.loads(said.decode("utf-8"))
    t.same((graph["handling"], graph["label"]), (HANDLING, HANDLING), "handling")
    t.same((len(graph["objects"]), len(graph["edges"])), (len(NODES), len(EDGES)), "counts")
    numbers = {o["_gvid"]: o["name"] for o in graph["objects"]}
    t.same(sorted(numbers.values()), sorted(n["id"] for n in NODES), "ids")
    read = {o["name"]: o for o in graph["objects"]}
    for n in NODES:
        # Graphviz keeps two backslashes of a text as two.
        want = (n["kind"], pictures(n["label"]).replace("\\", "\\\\"))
        t.same((read[n["id"]]["kind"], read[n["id"]].get("fullname", "")), want, n["id"])
    got = {e["id"]: e for e in graph["edges"]}
    for i, e in enumerate(EDGES):
        g = got[f"e{i + 1}"]
        t.same((numbers[g["tail"]], numbers[g["head"]], g["label"], g.get("start", ""), g.get("end", "")), (e["from"], e["to"], e["kind"], e["start"], e["end"]), f"e{i + 1}")
    version = subprocess.run([dot, "-V"], capture_output=True, check=True).stderr.decode().split()
    return "Graphviz " + version[4]


# --- what analysts and platforms exchange

# The order of elements and the words that the schema of Analyst's Notebook charts has, as far as they are written.
ANX_ORDER = {
    "Chart": ["StrengthCollection", "AttributeClassCollection", "EntityTypeCollection", "LinkTypeCollection", "Summary", "ChartItemCollection"],
    "ChartItem": ["End", "Link", "AttributeCollection"], "End": ["Entity"], "Entity": ["Icon", "CardCollection"], "Icon": ["IconStyle"], "Link": ["LinkStyle"],
    "Summary": ["FieldCollection", "CustomPropertyCollection"], "StrengthCollection": ["Strength"], "AttributeClassCollection": ["AttributeClass"],
    "EntityTypeCollection": ["EntityType"], "LinkTypeCollection": ["LinkType"], "ChartItemCollection": ["ChartItem"], "AttributeCollection": ["Attribute"],
    "CardCollection": ["Card"], "FieldCollection": ["Field"], "CustomPropertyCollection": ["CustomProperty"],
}
ANX_WORDS = {
    ("AttributeClass", "Type"): {"AttFlag", "AttNumber", "AttText", "AttTime"}, ("Strength", "DotStyle"): {"DotStyleSolid", "DotStyleDashed"},
    ("LinkStyle", "ArrowStyle"): {"ArrowNone", "ArrowOnHead", "ArrowOnTail", "ArrowOnBoth"}, ("EntityType", "PreferredRepresentation"): {"RepresentAsIcon"},
    ("IconStyle", "Enlargement"): {"ICEnlargeSingle"}, ("Field", "Type"): {"SummaryFieldTitle", "SummaryFieldAuthor", "SummaryFieldCategory", "SummaryFieldComments"},
    ("CustomProperty", "Type"): {"Boolean", "Date", "Decimal", "Double", "Integer", "String"},
}


def read_anx(t):
    chart = ET.parse(path("network.anx")).getroot()
    t.same(chart.tag, "Chart", "root")
    seen = set()
    for element in chart.iter():
        order = ANX_ORDER.get(element.tag, [])
        places = [order.index(child.tag) if child.tag in order else -1 for child in element]
        t.same((min(places, default=0) >= 0, places), (True, sorted(places)), f"order within {element.tag}")
        for name, value in element.attrib.items():
            if (element.tag, name) in ANX_WORDS:
                t.same(value in ANX_WORDS[element.tag, name], True, f"{name} of {element.tag}: {value}")
            if name == "Id":
                t.same(value in seen, False, f"Id {value} twice")
                seen.add(value)
            if name.endswith("Reference") and name != "SourceReference":
                t.same(chart.find(f".//*[@Id='{value}']") is not None if value not in seen else True, True, f"{name} {value}")
    items = list(chart.find("ChartItemCollection"))
    t.same(len(items), len(NODES) + len(EDGES), "items")
    kinds = {c.get("Name"): c.get("Type") for c in chart.find("AttributeClassCollection")}
    t.same(len(kinds), len(list(chart.find("AttributeClassCollection"))), "classes are told apart by name")
    stated = lambda item: {a.get("AttributeClass"): a.get("Value") for a in item.iter("Attribute")}
    node_names = columns(["kind", "chosen", "records", "last day", "doubts", "rows"], NODES, SCORES)
    edge_names = columns(["edge", "last day", "event", "doubts", "rows"], EDGES)
    for n, item in zip(NODES, items):
        entity = item.find("End/Entity")
        t.same((entity.get("EntityId"), item.get("Label"), entity.find("Icon/IconStyle").get("Type")), (n["id"], xml_text(n["label"]), n["kind"]), n["id"])
        t.same(item.get("DateTime", "")[:10], n["start"], "day of " + n["id"])
        got, want = stated(item), {node_names[k]: xml_text(v) for k, v in joined(n["attributes"]).items()}
        t.same({k: got.get(k) for k in want}, want, "attributes of " + n["id"])
        t.same({k: float(got[k]) for k in scores(n)}, scores(n), "scores of " + n["id"])
        t.same((got.get("last day", ""), got.get("rows", "")), (n["end"], " ".join(rows(n))), "day and rows of " + n["id"])
        t.same([c.get("SourceReference") for c in entity.iter("Card")], rows(n), "cards of " + n["id"])
    for i, (e, item) in enumerate(zip(EDGES, items[len(NODES):])):
        link = item.find("Link")
        t.same((link.get("End1Id"), link.get("End2Id"), link.find("LinkStyle").get("Type"), item.get("DateTime", "")[:10]), (e["from"], e["to"], e["kind"], e["start"]), f"e{i + 1}")
        got, want = stated(item), {edge_names[k]: xml_text(v) for k, v in joined(e["attributes"]).items()}
        t.same({k: got.get(k) for k in want}, want, f"attributes of e{i + 1}")
        t.same((got["edge"], got.get("event", ""), got.get("last day", ""), got["rows"]), (f"e{i + 1}", xml_text(e.get("key", "")), e["end"], " ".join(rows(e))), f"e{i + 1}")
    return "ElementTree, facts of the schema"


def read_stix(t):
    import stix2
    import stix2validator

    name = path("network.stix.json")
    result = stix2validator.validate_file(name, stix2validator.ValidationOptions(version="2.1"))
    problems = [str(e) for o in result.object_results for e in o.errors] if not result.is_valid else []
    t.same(problems, [], "stix2-validator")
    bundle = stix2.parse(open(name, encoding="utf-8"), allow_custom=True)
    raw = json.load(open(name, encoding="utf-8"))["objects"]
    t.same(len(bundle.objects), len(raw), "objects")
    t.same(len({o["id"] for o in raw}), len(raw), "ids are told apart")
    by = {o["id"]: o for o in raw}
    said = lambda o: next((x for x in o.get("extensions", {}).values() if "node" in x or "edge" in x), None)
    nodes = {said(o)["node"]: (o, said(o)) for o in raw if said(o) and "node" in said(o)}
    edges = {said(o)["edge"]: (o, said(o)) for o in raw if said(o) and "edge" in said(o)}
    t.same((len(nodes), len(edges)), (len(NODES), len(EDGES)), "counts")
    marking = [o["id"] for o in raw if o["type"] == "marking-definition"]
    t.same([o["name"] for o in raw if o["type"] == "marking-definition"], [HANDLING], "marking")
    own = lambda thing: thing["attributes"] or []
    for n in NODES:
        o, x = nodes[n["id"]]
        t.same((o.get("name", o.get("value")), x["kind"], x["chosen"], x.get("start", ""), x.get("end", ""), x.get("records", []), x.get("rows", [])),
               (n["label"], n["kind"], n["chosen"], n["start"], n["end"], n.get("records") or [], rows(n)), n["id"])
        t.same((x.get("attributes", []), x.get("scores", {})), (own(n), {s["name"]: s["value"] for s in n.get("scores") or []}), "attributes of " + n["id"])
        if o["type"] != "email-addr":
            t.same([r["external_id"] for r in o.get("external_references", [])], rows(n), "references of " + n["id"])
    for i, e in enumerate(EDGES):
        o, x = edges[f"e{i + 1}"]
        t.same((said(by[o["source_ref"]])["node"], said(by[o["target_ref"]])["node"], o["relationship_type"].replace("-", "_")), (e["from"], e["to"], e["kind"]), f"e{i + 1}")
        t.same((x.get("start", ""), x.get("end", ""), x.get("event", ""), x.get("attributes", []), x["rows"]), (e["start"], e["end"], e.get("key", ""), own(e), rows(e)), f"e{i + 1}")
        t.same((o.get("start_time", "")[:10], o["confidence"]), (e["start"], 70), f"day and confidence of e{i + 1}")
    for o in raw:
        if o["type"] not in ("marking-definition", "extension-definition"):
            t.same(o.get("object_marking_refs"), marking, f"marking of {o['id']}")
    t.same(sorted(o["hashes"]["SHA-256"] for o in raw if o["type"] == "file"), sorted(s["sha256"] for s in KNOWN["sources"]), "files")
    return f"stix2 {stix2.__version__}, stix2-validator {importlib.metadata.version('stix2-validator')}"


def read_misp(t):
    import pymisp

    event = pymisp.MISPEvent()
    event.load_file(path("network.misp.json"))
    t.same(([tag.name for tag in event.tags][0], event.distribution, event.info), (HANDLING.lower(), 0, KNOWN["title"]), "event")
    objects = {o.uuid: o for o in event.objects}
    t.same(len(objects), len(NODES), "objects")
    kept = lambda v: v.replace("\0", "").strip()
    one = lambda o, relation: [a.value for a in o.attributes if a.object_relation == relation]
    number = {}
    for n, o in zip(NODES, event.objects):
        number[n["id"]] = o.uuid
        t.same((one(o, "name")[0], one(o, "node")[0], o.name, one(o, "record")), (kept(n["label"]) or n["id"], n["id"], "trade-" + n["kind"], n.get("records") or []), n["id"])
        got = {}
        for a in o.attributes:
            if a.object_relation.startswith("stated_"):
                got.setdefault(a.object_relation[7:], []).append(str(a.value))
        t.same(got, {k: [kept(v) for v in vs if kept(v)] for k, vs in listed(n["attributes"]).items() if any(kept(v) for v in vs)}, "attributes of " + n["id"])
        t.same({a.object_relation: float(a.value) for a in o.attributes if a.object_relation.startswith("score_")}, scores(n), "scores of " + n["id"])
        t.same([o.first_seen.date().isoformat() if o.get("first_seen") else "", o.last_seen.date().isoformat() if o.get("last_seen") else ""], [n["start"], n["end"]], "days of " + n["id"])
        t.same(o.comment.split(), rows(n), "rows of " + n["id"])
    got = {}
    for o in event.objects:
        for r in o.references:
            said = json.loads(r.comment)
            got[said["edge"]] = (r.object_uuid, r.referenced_uuid, r.relationship_type, said)
    t.same(len(got), len(EDGES), "references")
    for i, e in enumerate(EDGES):
        a, b, kind, said = got[f"e{i + 1}"]
        t.same((a, b, kind), (number[e["from"]], number[e["to"]], e["kind"]), f"e{i + 1}")
        t.same((said["start"], said["end"], said["event"], said["attributes"], said["rows"]), (e["start"], e["end"], e.get("key", ""), e["attributes"] or [], rows(e)), f"e{i + 1}")
    t.same(sorted(a.value for a in event.attributes), sorted(f"{s['name']}|{s['sha256']}" for s in KNOWN["sources"]), "files")
    return "pymisp " + importlib.metadata.version("pymisp")


def read_ftm(t):
    from followthemoney import model

    entities = []
    for line in open(path("network.ftm.json"), encoding="utf-8", newline="\n"):
        data = json.loads(line)
        model.get(data["schema"]).validate(data)
        entities.append(model.get_proxy(data, cleaned=True))
    t.same(len(entities), len(NODES) + len(EDGES), "entities")
    nodes, edges = entities[:len(NODES)], entities[len(NODES):]
    number = {}
    stated = lambda texts: [json.loads(x) for x in texts]
    for n, got in zip(NODES, nodes):
        number[n["id"]] = got.id
        said = stated(got.get("notes"))
        more = next(x for x in said if "node" in x)
        t.same(more["handling"], HANDLING, "handling of " + n["id"])
        t.same((more["node"], more["chosen"], more["rows"], more.get("records", []), more.get("scores", {})), (n["id"], n["chosen"], rows(n), n.get("records") or [],
               {s["name"]: s["value"] for s in n.get("scores") or []}), n["id"])
        t.same(got.first("name") if "label" not in more else more["label"], n["label"], "name of " + n["id"])
        key = lambda a: (a["name"], a["value"])
        t.same(sorted((x for x in said if "value" in x), key=key), sorted(n["attributes"] or [], key=key), "attributes of " + n["id"])
        if got.schema.name == "Event":
            t.same((got.first("startDate"), got.first("endDate")), (n["start"], n["end"]), "days of " + n["id"])
    for i, (e, got) in enumerate(zip(EDGES, edges)):
        a, b = {"UnknownLink": ("subject", "object"), "Directorship": ("director", "organization"), "Ownership": ("asset", "owner")}[got.schema.name]
        t.same((got.first(a), got.first(b), got.first("role"), got.first("startDate") or "", got.first("endDate") or ""), (number[e["from"]], number[e["to"]], e["kind"],
               e["start"], e["end"]), f"e{i + 1}")
        said = stated(got.get("description"))
        more = next(x for x in said if "edge" in x)
        t.same((more["edge"], more["event"], sorted(got.get("recordId"))), (f"e{i + 1}", e.get("key", ""), sorted(rows(e))), f"e{i + 1}")
        t.same([x for x in said if "value" in x], e["attributes"] or [], f"attributes of e{i + 1}")
    return "followthemoney " + importlib.metadata.version("followthemoney")


def read_import(t):
    for name, things in (("neo4j-nodes.csv", NODES), ("neo4j-relationships.csv", EDGES)):
        lines = list(csv.reader(open(path(name), encoding="utf-8", newline="")))
        t.same(len(lines) - 1, len(things), name)
        for line in lines[1:]:
            t.same(len(line), len(lines[0]), f"cells of {name}")
        place = {c.split(":")[0]: i for i, c in enumerate(lines[0])}
        for line, thing in zip(lines[1:], things):
            told = json.loads(line[place["attributes"]] or "[]")
            t.same((told, line[place["start"]], line[place["end"]]), (thing["attributes"] or [], thing["start"], thing["end"]), name)
    path("neo4j-import.args"), path("network.cypher")  # TestCaseFilesLoadOnAServer reads them with Neo4j
    return "csv of Python; Neo4j in make test"


def read_bag(t):
    import bagit

    bag = bagit.Bag(CASE)
    bag.validate(processes=1)
    t.same(sorted(bag.algorithms), ["sha256", "sha512"], "manifests")
    t.same(bag.info["Handling"], HANDLING, "bag-info.txt")
    for name in KNOWN["files"]:
        t.same("data/graph/" + name in bag.entries, True, name)
    return "bagit " + importlib.metadata.version("bagit")


READERS = [("BagIt", read_bag), ("csv", read_csv), ("xlsx", read_xlsx), ("parquet", read_parquet), ("graphml", read_graphml), ("gexf", read_gexf),
           ("json", read_json), ("cytoscape", read_cytoscape), ("cx2", read_cx2), ("jgf", read_jgf), ("pajek", read_pajek), ("dot", read_dot), ("i2 chart", read_anx),
           ("i2 tables", read_i2_csv), ("stix", read_stix), ("misp", read_misp), ("ftm", read_ftm), ("neo4j", read_import)]


def main():
    failed = 0
    print(f"{'format':<10} {'values':>8} {'seconds':>8}  opened by")
    for name, read in READERS:
        tally, began = Tally(), time.monotonic()
        try:
            by = read(tally)
            if by is None:
                path("network.dot")
                by = "not opened: there is no Graphviz here"
        except Exception as e:  # whatever a library throws is a failure of the format
            failed += 1
            by = f"FAILED: {type(e).__name__}: {str(e)[:1500]}"
        print(f"{name:<10} {tally.values:>8} {time.monotonic() - began:>8.1f}  {by}", flush=True)
    left = sorted(set(KNOWN["files"]) - checked)
    if left:
        failed += 1
        print("FAILED: opened by nobody:", ", ".join(left))
    print(f"{len(READERS) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
