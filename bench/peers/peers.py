"""One side of the comparison in Python: python-igraph, or NetworKit.

    python peers.py igraph|networkit THREADS FOLDER

holds the graph of the folder in memory, answers one question a line on its input with one line on its output, and times nothing but the
computation. Package worker describes the lines, package trial the tasks. A function here makes a task ready, and returns what is to be
timed and what turns its result into one array of float64 that every side writes alike.
"""

import gc
import hashlib
import json
import os
import random
import sys
import time

import numpy as np

SEED = 1
DAMPING = 0.85
TOLERANCE = 1e-10


class Files:
    """The files of a graph."""

    def __init__(self, folder):
        with open(os.path.join(folder, "graph.json"), encoding="utf-8") as file:
            meta = json.load(file)
        self.folder = folder
        self.nodes, self.seeds = meta["nodes"], meta["seeds"]
        self.epsilon, self.delta = meta["epsilon"], meta["delta"]

    def column(self, name, kind):
        return np.fromfile(os.path.join(self.folder, name), dtype=kind)

    def columns(self):
        return self.column("from.u32", "<u4"), self.column("to.u32", "<u4"), self.column("weight.f64", "<f8")


def census(nodes, edges, weight):
    return np.array([nodes, edges, np.rint(weight)], dtype=float)


def marks(nodes, chosen):
    all_nodes = np.zeros(nodes)
    all_nodes[list(chosen)] = 1
    return all_nodes


class Igraph:
    """python-igraph. Weights are an attribute of the edges, as its users hold them.

    All but its PageRank, which would take every processor by OpenMP, runs on one thread.
    """

    def __init__(self, files):
        import igraph

        self.igraph, self.files = igraph, files
        self.version = "igraph " + igraph.__version__
        igraph.set_random_number_generator(random)
        random.seed(SEED)
        pairs, weights = self.edge_list()
        self.graph = igraph.Graph(n=files.nodes, edges=pairs)
        self.graph.es["weight"] = weights

    def settle(self, threads):
        random.seed(SEED)

    def edge_list(self):
        u, v, w = self.files.columns()
        return np.column_stack([u, v]).astype(np.int64), w.tolist()

    def build(self):
        pairs, weights = self.edge_list()

        def run():
            graph = self.igraph.Graph(n=self.files.nodes, edges=pairs)
            graph.es["weight"] = weights
            return graph

        return run, lambda g: census(g.vcount(), g.ecount(), sum(g.es["weight"]))

    def pagerank(self):
        return lambda: self.graph.pagerank(weights="weight", damping=DAMPING, implementation="prpack"), np.asarray

    def walks(self):
        resets = [marks(self.files.nodes, s).tolist() for s in self.files.seeds]

        def run():
            return [
                self.graph.personalized_pagerank(reset=r, weights="weight", damping=DAMPING, implementation="prpack")
                for r in resets
            ]

        return run, lambda all_scores: np.concatenate([np.asarray(s) for s in all_scores])

    def louvain(self):
        return lambda: self.graph.community_multilevel(weights="weight"), lambda c: np.asarray(c.membership)

    def leiden(self):
        def run():
            return self.graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=2)

        return run, lambda c: np.asarray(c.membership)

    def update(self):
        return self.leiden()

    def betweenness(self):
        return lambda: self.graph.betweenness(directed=False), np.asarray

    def lengths(self):
        lengths = (1 / np.asarray(self.graph.es["weight"])).tolist()
        return lambda: self.graph.betweenness(directed=False, weights=lengths), np.asarray

    def harmonic(self):
        return lambda: self.graph.harmonic_centrality(normalized=False), np.asarray

    def components(self):
        return lambda: self.graph.connected_components(mode="weak"), lambda c: np.asarray(c.membership)

    def cores(self):
        return self.graph.coreness, np.asarray

    def cuts(self):
        return self.graph.articulation_points, lambda found: marks(self.files.nodes, found)

    def clustering(self):
        return lambda: self.graph.transitivity_local_undirected(mode="zero"), np.asarray


class NetworKit:
    """NetworKit, with as many threads as are asked for. A run is its object made and run, without copying results to Python."""

    def __init__(self, files):
        import networkit

        self.nk, self.files = networkit, files
        self.version = "NetworKit " + networkit.__version__
        self.graph = self.coo(*self.edge_list())
        self.plain, self.inverse = None, None

    def settle(self, threads):
        self.nk.setNumberOfThreads(threads)
        self.nk.setSeed(SEED, True)

    def edge_list(self):
        u, v, w = self.files.columns()
        return u.astype(np.int64), v.astype(np.int64), w

    def coo(self, u, v, w):
        return self.nk.GraphFromCoo((w, (u, v)), n=self.files.nodes, weighted=True, directed=False)

    def unweighted(self):
        if self.plain is None:
            self.plain = self.nk.graphtools.toUnweighted(self.graph)
        return self.plain

    def inverted(self):
        if self.inverse is None:
            u, v, w = self.edge_list()
            self.inverse = self.coo(u, v, 1 / w)
        return self.inverse

    @staticmethod
    def ran(make):
        """Makes and runs one of NetworKit's objects."""

        def run():
            made = make()
            made.run()
            return made

        return run

    def build(self):
        u, v, w = self.edge_list()
        return lambda: self.coo(u, v, w), lambda g: census(g.numberOfNodes(), g.numberOfEdges(), g.totalEdgeWeight())

    def pagerank(self):
        centrality = self.nk.centrality

        def make():
            rank = centrality.PageRank(
                self.graph, damp=DAMPING, tol=TOLERANCE, distributeSinks=centrality.SinkHandling.DistributeSinks
            )
            rank.norm = centrality.Norm.l1norm
            return rank

        # In an undirected graph what reaches a node without edges is lost, whatever is said of sinks. As it would be spread evenly, what
        # is left has the right proportions.
        def shares(rank):
            scores = np.asarray(rank.scores())
            return scores / scores.sum()

        return self.ran(make), shares

    def louvain(self):
        return self.ran(lambda: self.nk.community.PLM(self.graph)), lambda c: np.asarray(c.getPartition().getVector())

    def leiden(self):
        def make():
            return self.nk.community.ParallelLeiden(self.graph, iterations=2)

        return self.ran(make), lambda c: np.asarray(c.getPartition().getVector())

    def update(self):
        return self.leiden()

    def betweenness(self):
        graph = self.unweighted()
        return self.ran(lambda: self.nk.centrality.Betweenness(graph)), lambda b: np.asarray(b.scores()) / 2

    def lengths(self):
        graph = self.inverted()
        return self.ran(lambda: self.nk.centrality.Betweenness(graph)), lambda b: np.asarray(b.scores()) / 2

    def sampled(self):
        # NetworKit's scores are twice the share of the pairs, whatever the threads; so they are halved, and asked for with twice the error,
        # which is the same error of the share.
        graph, f = self.unweighted(), self.files
        return (
            self.ran(lambda: self.nk.centrality.KadabraBetweenness(graph, err=2 * f.epsilon, delta=f.delta)),
            lambda b: np.asarray(b.scores()) / 2,
        )

    def harmonic(self):
        graph = self.unweighted()
        return (
            self.ran(lambda: self.nk.centrality.HarmonicCloseness(graph, normalized=False)),
            lambda h: np.asarray(h.scores()),
        )

    def components(self):
        return (
            self.ran(lambda: self.nk.components.ConnectedComponents(self.graph)),
            lambda c: np.asarray(c.getPartition().getVector()),
        )

    def cores(self):
        return self.ran(lambda: self.nk.centrality.CoreDecomposition(self.graph)), lambda c: np.asarray(c.scores())

    def cuts(self):
        def points(found):
            seen = np.zeros(self.files.nodes)
            for component in found.getComponents():
                seen[component] += 1
            return (seen > 1).astype(float)

        return self.ran(lambda: self.nk.components.BiconnectedComponents(self.graph)), points

    def clustering(self):
        graph = self.unweighted()
        return (
            self.ran(lambda: self.nk.centrality.LocalClusteringCoefficient(graph, turbo=True)),
            lambda c: np.asarray(c.scores()),
        )


def reset_peak():
    """Makes the system forget the greatest memory so far; only Linux can."""
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
            file.write("5")
    except OSError:
        pass


def peak():
    """The greatest resident memory since then, in bytes; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next((int(line.split()[1]) << 10 for line in file if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def answer(side, ready, question):
    name = question["task"]
    if name not in ready:
        ready.clear()
        # A task is a method of the side's own; what else stands there has another form and is never asked for.
        make = getattr(type(side), name, None)
        if make is None:
            return {"absent": True}
        ready[name] = make(side)
    run, numbers = ready[name]
    if question.get("repeat", 0) == 0:
        return {}
    side.settle(question["threads"])
    if question.get("peak"):
        gc.collect()
        reset_peak()
    seconds, result = [], None
    for _ in range(question["repeat"]):
        result = None
        gc.collect()
        gc.disable()
        begun = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - begun)
        gc.enable()
    reply = {"seconds": seconds}
    if question.get("peak"):
        reply["peak"] = peak()
    found = np.ascontiguousarray(numbers(result), dtype="<f8")
    reply["digest"] = hashlib.sha256(found.tobytes()).hexdigest()
    if question.get("answer"):
        found.tofile(question["answer"])
    return reply


def main():
    # What a library prints must not stand between the lines.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(reply):
        out.write(json.dumps(reply) + "\n")
        out.flush()

    name, threads, folder = sys.argv[1:]
    # Before OpenMP is loaded, which asks once.
    os.environ["OMP_NUM_THREADS"] = threads
    side = {"igraph": Igraph, "networkit": NetworKit}[name](Files(folder))
    say({"version": side.version})
    ready = {}
    for line in sys.stdin:
        question = json.loads(line)
        if not question["task"]:
            break
        try:
            say(answer(side, ready, question))
        except BrokenPipeError:
            # Whoever asked is gone. What is left to write must not be tried again at the end.
            os._exit(1)
        except Exception as problem:  # any failure of a library is an answer
            ready.clear()
            say({"error": f"{type(problem).__name__}: {problem}"})


if __name__ == "__main__":
    main()
