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
}
