import Engine
import Model
import Store
import TestKit
import Testing

@Suite("Who waits for whom")
struct WaitChainTests {
    private let backend = ScriptedBackend()
    private let bench: EngineBench

    init() throws {
        bench = try EngineBench(
            backend,
            kinds: [
                ScriptedKind("hang", steps: [.doing("hang")], locks: [.exclusive("a")]),
                ScriptedKind(
                    "both",
                    steps: [.doing("b")],
                    locks: [.exclusive("a"), .exclusive("b")]
                ),
                ScriptedKind("write", steps: [.doing("w")], locks: [.exclusive("b")]),
                ScriptedKind("plain", steps: [.doing("p")]),
                ScriptedKind("family", steps: [.children(["plain", "stuck"])]),
                ScriptedKind("stuck", steps: [.doing("hang")]),
                ScriptedKind("refused", steps: [.doing("refused")]),
                ScriptedKind("read", steps: [.doing("hang")], locks: [.shared("a")]),
                ScriptedKind("alone", steps: [.doing("w")], locks: [.exclusive("a")]),
                ScriptedKind("away", steps: [.doing("away", lane: "host/a")]),
                ScriptedKind("broken", steps: [.doing("broken", undo: "never")]),
                ScriptedKind("waits", steps: [.doing("p")], locks: [.exclusive("c")]),
                ScriptedKind(
                    "all",
                    steps: [.children(["stuck", "away", "deep", "broken"])]
                ),
                ScriptedKind("deep", steps: [.children(["stuck"])]),
                ScriptedKind(
                    "pair",
                    steps: [.children(["stuck", "sibling", "sibling"])],
                    locks: [.exclusive("s")]
                ),
                ScriptedKind("sibling", steps: [.doing("hang")], locks: [.exclusive("s")]),
            ]
        )
        backend.script("hang", .hangs)
    }

    private func chain(_ id: JobID) throws -> [ChainLink] {
        try bench.store.read { try $0.waitChain(of: id) }
    }

    @Test("leads through locks, their holders and prerequisites to the root of the matter")
    func locks() throws {
        let root = try bench.submit("hang")
        let middle = try bench.submit("both")
        let waiter = try bench.submit("write")
        let after = try bench.submit("plain") { $0.after = [waiter] }

        let chain = try chain(after)

        #expect(chain.map(\.job.id) == [after, waiter, middle, root])
        #expect(chain[0].waitsFor == "\(waiter) to complete")
        #expect(chain[1].waitsFor == "lock b (exclusive), held by \(middle)")
        #expect(chain[2].waitsFor == "lock a (exclusive), held by \(root)")
        #expect(chain[3].waitsFor.isEmpty)
    }

    @Test("leads from a parent to the child that stands still")
    func children() throws {
        let parent = try bench.submit("family")
        try bench.run(for: 1000)

        let chain = try chain(parent)

        #expect(chain.map(\.job.kind) == ["family", "stuck"])
    }

    @Test("is bounded, however long the chain is")
    func bounded() throws {
        var last = try bench.submit("hang")
        for _ in 0..<30 { last = try bench.submit("plain") { $0.after = [last] } }

        #expect(try chain(last).count == StoreLimits.chain)
    }

    @Test("leads from a job that failed to the operation of another that was in its way")
    func otherOperation() throws {
        let holder = try bench.submit("hang")
        let text = "VM a is Starting: task \(holder.number)/0/1 works on it"
        backend.script("refused", .refuses(.scripted(text)))
        let failed = try bench.submit("refused")
        try bench.run(for: 1000)

        #expect(try bench.job(failed).state == .failed)
        #expect(try chain(failed).map(\.job.id) == [failed, holder])
    }

    @Test("names the one that stands in the way, not one whose lock could be shared")
    func shared() throws {
        let reader = try bench.submit("read")
        let writer = try bench.submit("alone")
        let late = try bench.submit("read")

        let chain = try chain(late)

        #expect(chain.map(\.job.id) == [late, writer, reader])
        #expect(chain[0].waitsFor == "lock a (shared), asked for before by \(writer)")
        #expect(chain[1].waitsFor == "lock a (exclusive), held by \(reader)")
    }

    @Test("leads to the child that needs somebody most, and from that to the next")
    func slowest() throws {
        backend.script("away", .hangs)
        backend.script("broken", .fails(.scripted("broken"), after: 10))
        backend.script("never", .fails(.scripted("stuck"), after: 10))
        let parent = try bench.submit("all")
        try bench.settle()
        let children = try bench.children(parent)
        let (stuck, away, deep, broken) = (children[0], children[1], children[2], children[3])
        backend.cutOff(lane: "host/a")
        backend.say("\(away.number)/0/1", .unreachable)
        try bench.run(for: 600_000)
        #expect(try bench.job(broken).state == .needsOperator)
        #expect(try bench.job(away).state == .lost)

        #expect(try chain(parent).map(\.job.id) == [parent, broken])
        try bench.request(.resolve(.giveUp), broken)
        #expect(try chain(parent).map(\.job.id) == [parent, away])
        try bench.request(.stop(.abandon), away)
        #expect(try chain(parent).map(\.job.id) == [parent, deep, try bench.children(deep)[0]])
        try bench.request(.stop(.cancel), stuck)
        #expect(try chain(parent).map(\.job.id) == [parent, stuck])
    }

    @Test("leads to a child that waits for a lock rather than to one at work")
    func waitingChild() throws {
        let parent = try bench.submit("pair")
        try bench.settle()
        let children = try bench.children(parent)
        let links = try chain(parent)
        #expect(links.map(\.job.id) == [parent, children[2], children[1]])
        #expect(links[1].waitsFor == "lock s (exclusive), held by \(children[1])")
    }

    @Test("says that a lane is paused, and goes round no circle")
    func ends() throws {
        try bench.request(.pause(until: nil, drains: false), on: .lane(Operation.controlLane))
        let queued = try bench.submit("plain")
        #expect(try chain(queued).first?.job.waiting?.reason == .pausedLane)
        try bench.request(.resume, on: .lane(Operation.controlLane))
        try bench.run(for: 1000)

        let (first, second) = (JobID(queued.number + 1), JobID(queued.number + 2))
        for other in [second, first] {
            let text = "VM a is Starting: task \(other.number)/0/1 works on it"
            backend.script("refused", .refuses(.scripted(text)))
            try bench.submit("refused")
            try bench.run(for: 1000)
        }
        #expect(try chain(first).map(\.job.id) == [first, second])
        let own = JobID(second.number + 1)
        let text = "task \(own.number)/0/1 failed"
        backend.script("refused", .refuses(.scripted(text)))
        #expect(try bench.submit("refused") == own)
        try bench.run(for: 1000)
        #expect(try chain(own).map(\.job.id) == [own])
    }

    @Test("leads from a job that ended to a child that left something behind")
    func leftBehind() throws {
        let parent = try bench.submit("deep")
        let other = try bench.submit("stuck")
        try bench.settle()
        let child = try bench.children(parent)[0]
        try bench.request(.stop(.abandon), other)
        try bench.request(.stop(.abandon), parent)
        #expect(try chain(parent).map(\.job.id) == [parent, child])
        #expect(try chain(parent)[0].waitsFor == "what \(child) below it left behind")
        // That it is at work changes nothing.
        let ask = OperatorRequest(.settle(.ask), job: child, by: "ann", reason: "")
        try bench.ask(ask)
        try bench.settle()
        #expect(try bench.job(child).backend == .running)
        #expect(try chain(parent).map(\.job.id) == [parent, child])
        #expect(try chain(child).map(\.job.id) == [child])
    }
}
