import Engine
import Hypervisor
import Model
import Operations
import TestKit

/// The end of a run: all trouble is over, an operator decides what waits for one, and everything
/// has to settle in bounded time.
struct Healing {
    let simulation: Simulation

    /// Virtual time in which jobs settle by themselves once nothing is wrong any more: an hour.
    ///
    /// A lane that was closed is tried again within a minute; what is lost is asked about every
    /// minute, five times; what stands still is noticed within five times two minutes. The rest is
    /// work: a dozen orders with their children behind each other, in lanes with one slot.
    static let patience: Int64 = 3_600_000
    /// Virtual time in which an abort takes effect: 30 s for the interrupt to be answered, five
    /// questions a minute apart, and the undo.
    static let abortPatience: Int64 = 15 * 60_000

    init(_ simulation: Simulation) { self.simulation = simulation }

    private var bench: EngineBench { simulation.bench }
    private var checker: InvariantChecker { simulation.checker }

    func run() throws {
        try simulation.setRight()
        try pass(Self.patience)
        try decide(.retry)
        try pass(Self.patience)
        try decide(.giveUp)
        try pass(Self.patience)
        try stopWhatHangs()
        guard checker.unfinished.isEmpty else {
            throw Violation("these never end: \(checker.unfinished)")
        }
    }

    private func pass(_ milliseconds: Int64) throws {
        guard !checker.unfinished.isEmpty else { return }
        let end = bench.clock.now() + milliseconds
        while bench.clock.now() < end {
            let isApproved = try simulation.approveWhatWaits()
            let isAsked = try simulation.endWorkOutside() || isApproved
            // Whoever was approved may have let others be made that must be, too.
            try bench.run(until: isAsked ? min(end, bench.clock.now() + 60_000) : end)
        }
        try look()
    }

    private func look() throws {
        try checker.checkAll(at: bench.clock.now(), wall: bench.clock.wall())
    }

    /// An operator decides about all jobs that wait for one, again as long as more do.
    private func decide(_ resolution: Resolution) throws {
        for _ in 0..<10 {
            let waiting = checker.unfinished.filter { checker.state(of: $0) == .needsOperator }
            guard !waiting.isEmpty else { return }
            for id in waiting { try bench.request(.resolve(resolution), id) }
            guard resolution == .giveUp else { return }
            try bench.run(for: Self.abortPatience)
        }
    }

    /// What is left hangs at the hypervisor, or waits for something that does; it is aborted, and
    /// abandoned where the work cannot be interrupted.
    private func stopWhatHangs() throws {
        guard !checker.unfinished.isEmpty else { return }
        let hanging = simulation.ledger.running(at: bench.clock.now().milliseconds)
        guard !hanging.isEmpty else {
            let list = try checker.unfinished.map { try describe($0) }
            throw Violation("nothing hangs, but these do not end: " + list.joined(separator: "; "))
        }
        for level in [StopLevel.abort, .abandon] {
            for id in checker.unfinished where checker.state(of: id)?.isTerminal == false {
                guard level == .abort || isStuck(id) else { continue }
                try bench.request(.stop(level), id)
            }
            try bench.run(for: Self.abortPatience)
            try decide(.giveUp)
            try look()
        }
        // Those that waited behind what was abandoned have gone on, and may hang no more.
        try pass(Self.patience)
        try decide(.giveUp)
    }

    /// Whether a job's task, or a descendant's, is still at work although an abort was asked.
    private func isStuck(_ id: JobID) -> Bool {
        let running = simulation.ledger.running(at: bench.clock.now().milliseconds)
        let jobs = Set(running.compactMap { OperationName($0.operation)?.job })
        return checker.isAncestor(id, ofAny: jobs)
    }

    private func describe(_ id: JobID) throws -> String {
        let job = try bench.job(id)
        return
            "\(id) \(job.kind) \(job.state.rawValue), \(job.waiting?.text ?? "waits for nothing")"
    }
}
