import CFaultyDisk
import Engine
import Foundation
import Model
import Store
import TestKit
import Testing

@Suite("A disk that fails", .serialized)
struct DiskFaultTests {
    /// Each call where somebody asks for that, else one in a few: each takes a store of its own.
    private static let step =
        ProcessInfo.processInfo.environment["SIGNALBOX_EVERY"].flatMap { Int($0) } ?? 11

    @Test(
        "loses nothing that was acknowledged, at whichever call it fails",
        arguments: DiskFault.Kind.allCases,
        [false, true]
    )
    func everyCall(_ kind: DiskFault.Kind, isLasting: Bool) throws {
        var whole = try Script()
        whole.play(nil, counting: kind)
        #expect(whole.calls > 20)
        #expect(whole.troubles == 0)
        #expect(whole.accepted.count == 4)

        var troubles = 0
        for call in stride(from: 1, through: whole.calls, by: Self.step) {
            let fault = DiskFault(kind: kind, call: call, isLasting: isLasting)
            var script = try Script()
            script.play(fault, counting: kind)
            troubles += script.troubles
            try Aftermath(script).check("\(fault)")
        }
        #expect(troubles > 0)
    }
}

/// What must be true of a store whose disk has failed, once the disk is well again.
struct Aftermath {
    let script: Script

    init(_ script: Script) { self.script = script }

    func check(_ fault: String) throws {
        let bench = try script.recovered()
        let comment = Comment(rawValue: fault)
        for id in script.accepted {
            let job = try? bench.job(id)
            #expect(job?.state.isTerminal == true, comment)
        }
        for id in script.stopped {
            let state = try bench.job(id).state
            #expect(state == .aborted || state == .failed || state == .completed, comment)
        }
        let (counts, recount) = try bench.store.read { try ($0.counts(), $0.recount()) }
        #expect(counts == recount, comment)
        #expect(counts.unfinished == 0, comment)
        try checkJournal(bench, comment)
        let executed = script.backend.executed.map(\.name)
        #expect(Set(executed).count == executed.count, comment)
        #expect(faulty_disk_check(script.temporary.path) == 0, comment)
    }

    /// Each job's journal begins with its acceptance, each move where the last one ended.
    private func checkJournal(_ bench: EngineBench, _ comment: Comment) throws {
        var states: [JobID: JobState] = [:]
        for line in try bench.journal() {
            #expect(states[line.job] == line.from, comment)
            states[line.job] = line.to
        }
        for (id, state) in states { #expect(try bench.job(id).state == state, comment) }
    }
}
