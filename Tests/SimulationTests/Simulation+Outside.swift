import Engine
import Hypervisor
import Model
import TestKit

/// Programs outside: they begin work, report on it, fall silent, say what makes no sense, and end
/// it, also when nobody asks any more.
extension Simulation {
    /// Some program begins work, or says something of work that it does or did.
    func actOutside() throws {
        guard draw(3) > 0, let id = outsideJob() else { return try beginOutside() }
        try ask(.report(report(on: id)), .job(id), saying: 0)
    }

    private func beginOutside() throws {
        submitted += 1
        var order = Submission(kind: External.kind, user: "dave", account: "sales")
        let vm = ledger.inventory().vms.names.randomElement(using: &chance)
        if draw(4) > 0, let vm { order.target = Target("vm/" + vm) }
        order.parameters = ["title": "Work", "silence": "\(10 + draw(300))s"]
        if draw(2) == 0 { order.parameters["steps"] = #"["one","two","three"]"# }
        if draw(4) == 0 { order.parameters["lock"] = order.target == .none ? "none" : "shared" }
        if draw(4) == 0 { order.parameters["locks"] = "store/none:shared" }
        try submit(order)
    }

    /// A job of a program: mostly one that has not ended, and now and then any.
    private func outsideJob() -> JobID? {
        if draw(8) == 0 { return checker.ended.randomElement(using: &chance) }
        return checker.unfinished(ofKind: External.kind).randomElement(using: &chance)
    }

    private func report(on id: JobID) -> ExternalReport {
        var report = ExternalReport()
        switch draw(10) {
        case 0, 1: report.end = end()
        case 2, 3: report.step = ["one", "two", "three", "four"][draw(4)]
        case 4: report.progress = 150
        case 5: report.warning = "something"
        case 6: break
        default:
            report.progress = draw(101)
            report.lines = [LogText(.info, "says something")]
            report.results = ["number": "\(draw(9))"]
        }
        return report
    }

    private func end() -> ExternalEnd {
        let outcome = ExternalEnd.Outcome.allCases[draw(4)]
        let isFailure = outcome == .failed || outcome == .aborted
        let rollbacks: [RollbackOutcome?] = [nil, .clean, .dirty]
        return ExternalEnd(
            outcome,
            "said so",
            number: draw(3),
            rollback: isFailure ? rollbacks[draw(3)] : nil
        )
    }

    /// Every program that is at work ends it.
    ///
    /// - Returns: whether there is work of programs that has not ended.
    func endWorkOutside() throws -> Bool {
        let open = checker.unfinished(ofKind: External.kind)
        for id in open {
            var report = ExternalReport()
            report.end = ExternalEnd(.completed)
            try ask(.report(report), .job(id), saying: 0)
        }
        return !open.isEmpty
    }
}
