import Hypervisor
import Model

extension InvariantChecker {
    /// Compares how a job ended with how the hypervisor stands.
    ///
    /// Only what no other job can have changed meanwhile is looked at: if anything works on the
    /// job's target already, or an abandoned task may, nothing is said.
    func checkWorld(_ job: Job) throws {
        guard job.target.type == "vm", !ledger.openSubjects.contains(job.target.description),
            !abandoned.contains(job.target)
        else { return }
        let vm = ledger.inventory().vms[job.target.name]
        let state = vm?.state
        let isRight: Bool
        switch (job.kind, job.state) {
        case ("vm.start", .completed), ("vm.deploy", .completed): isRight = state == .running
        case ("vm.stop", .completed): isRight = state == .stopped
        case ("vm.remove", .completed): isRight = vm == nil
        case ("vm.start", _) where job.rollback == .clean: isRight = state == .stopped
        case ("vm.deploy", _) where job.rollback == .clean: isRight = vm == nil
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
}
