import Engine
import Hypervisor
import Model
import Operations
import Store
import TestKit

/// An engine with all kinds, and a program outside that a test plays.
struct ExternalStage {
    let bench: EngineBench
    private let hypervisor = SimulatedHypervisor(inventory: SmallWorld.inventory(), seed: 3)

    init() throws {
        let hypervisor = hypervisor
        bench = try EngineBench(kinds: StandardKinds.all(hypervisor: hypervisor)) {
            RouterBackend(
                scripts: nil,
                external: ExternalBackend(),
                others: HypervisorBackend(hypervisor)
            )
        }
    }

    /// Begins work on a VM for the user `ann`, as far as its locks allow.
    func begin(_ target: String = "vm/web-1", _ parameters: [String: String] = [:]) throws -> JobID
    {
        let id = try bench.submit(External.kind) {
            $0.target = Target(target)
            $0.parameters = ["title": "Move the disks"].merging(parameters) { $1 }
        }
        try bench.settle()
        return id
    }

    /// Has the program report.
    @discardableResult
    func report(
        _ job: JobID,
        by user: String = "ann",
        _ change: (inout ExternalReport) -> Void = { _ in }
    ) throws -> RequestOutcome {
        var report = ExternalReport()
        change(&report)
        let outcome = try bench.ask(OperatorRequest(.report(report), job: job, by: user))
        try bench.settle()
        return outcome
    }

    /// Has the program say how it ended.
    @discardableResult
    func end(_ job: JobID, _ end: ExternalEnd) throws -> RequestOutcome {
        try report(job) { $0.end = end }
    }

    func job(_ id: JobID) throws -> Job { try bench.job(id) }
}

extension RequestOutcome {
    /// Why nothing was done; nil if something was.
    var refusal: String? {
        switch self {
        case .refused(let why), .notFound(let why): why
        default: nil
        }
    }
}
