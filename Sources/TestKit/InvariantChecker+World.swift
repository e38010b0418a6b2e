import Hypervisor
import Model

extension InvariantChecker {
    /// Compares how a job ended with how the hypervisor stands.
    ///
    /// Only what no other job can have changed meanwhile is looked at: if anything works on the
    /// job's target already, or an abandoned task may, nothing is said.
    func checkWorld(_ job: Job, _ steps: [StepRecord]) throws {
        guard job.target.type == "vm", !ledger.openSubjects.contains(job.target.description),
            !abandoned.contains(job.target), !declared.contains(job.id)
        else { return }
        // Behind a commit point a clean rollback is another one.
        let isWhole = !steps.contains { $0.undo == .replaced || $0.step.commit != nil }
        let isClean = job.rollback == .clean && isWhole
        let vm = ledger.inventory().vms[job.target.name]
        let state = vm?.state
        let isRight: Bool
        switch (job.kind, job.state) {
        case ("vm.start", .completed), ("vm.deploy", .completed): isRight = state == .running
        case ("vm.stop", .completed): isRight = state == .stopped
        case ("vm.remove", .completed): isRight = vm == nil
        case ("vm.start", _) where isClean: isRight = state == .stopped
        case ("vm.deploy", _) where isClean: isRight = vm == nil
        default: isRight = true
        }
        guard isRight else {
            throw Violation(
                "\(job.id) (\(job.kind)) is \(job.state.rawValue) with rollback "
                    + "\(job.rollback.rawValue), but \(job.target) is "
                    + (state?.rawValue ?? "not there")
            )
        }
    }

    /// No VM stands between two states unless a task works on it.
    func checkMachines(at now: Timestamp) throws {
        let names = Set(
            ledger.inventory().vms.all.filter { $0.state.isTransitional }.map(\.name)
        )
        guard !names.isEmpty else { return }
        let open = ledger.busySubjects(at: now.milliseconds)
        for name in names.sorted() where !open.contains("vm/" + name) {
            guard !abandoned.contains(Target(type: "vm", name: name)) else { continue }
            throw Violation("VM \(name) is left between two states, and nothing works on it")
        }
    }
}

extension HypervisorLedger {
    /// The subjects of tasks that have not ended, those on hosts that do not answer too.
    func busySubjects(at now: Int64) -> Set<String> {
        _ = running(at: now)
        return openSubjects
    }
}
