import Engine
import Hypervisor
import Model
import Store
import Terminal
import Workload

/// What the program's exit tells scripts; nowhere else does a number stand for an outcome.
enum ExitStatus: Int32, CaseIterable {
    case done = 0
    case failed = 1
    case aborted = 2
    case refused = 3
    case notFound = 4
    case usage = 64
    case noEngine = 69
    case store = 74
    case timeout = 124
    case interrupted = 130

    /// What it means, for the help text.
    var meaning: String {
        switch self {
        case .done: "done"
        case .failed: "the job failed; a check found something"
        case .aborted: "the job was aborted"
        case .refused: "refused: a lock, a permission, or not possible in this state"
        case .notFound: "no such job, VM, host or scenario"
        case .usage: "the command line or a file it names makes no sense"
        case .noEngine: "no engine is alive on this store, and one is needed"
        case .store: "the store, or the hypervisor's log beside it, cannot be read or written"
        case .timeout: "a wait ran out of time"
        case .interrupted: "interrupted from the keyboard"
        }
    }

    /// The status that an ended job gives the program that waited for it.
    init(of state: JobState) {
        switch state {
        case .failed: self = .failed
        case .aborted: self = .aborted
        default: self = .done
        }
    }

    /// The status that counts of several: whatever is worst to overlook.
    static func worst(_ statuses: [ExitStatus]) -> ExitStatus {
        let order: [ExitStatus] = [
            .store, .noEngine, .notFound, .refused, .timeout, .failed, .aborted,
        ]
        return order.first { statuses.contains($0) } ?? .done
    }
}

/// Ends the program with a status; everything has been said already.
struct Ending: Error {
    let status: ExitStatus

    init(_ status: ExitStatus) { self.status = status }
}

/// Ends the program with a sentence on standard error.
struct Complaint: Error {
    let status: ExitStatus
    let text: String

    init(_ status: ExitStatus, _ text: String) {
        self.status = status
        self.text = text
    }

    /// The sentence for an error of one of the modules; nil for one of the argument parser.
    init?(of error: any Error) {
        switch error {
        case let complaint as Complaint: self = complaint
        case let error as StoreError: self.init(.store, error.description)
        case let error as HypervisorLogError: self.init(.store, error.description)
        case let refusal as Gate.Refusal: self.init(.refused, refusal.text)
        case let error as Failure: self.init(.refused, error.text)
        case let error as ScenarioError: self.init(.usage, error.description)
        case let error as FilterError: self.init(.usage, "the filter: \(error.description)")
        case let error as ScheduleError: self.init(.usage, error.text)
        case let error as StartError: self.init(.usage, error.description)
        default: return nil
        }
    }
}
