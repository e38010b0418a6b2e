/// Why a job left its good path.
///
/// Stands beside the state, never folded into it.
package enum Cause: String, CaseIterable, Codable, Sendable {
    /// Nothing went wrong.
    case none
    /// A step failed.
    case error
    /// A limit ran out, such as the longest wait for a lock.
    case timeout
    /// A person asked for the stop.
    case stoppedByUser
    /// The parent was stopped.
    case stoppedByParent
    /// A child failed.
    case childFailed
    /// A job it waited for did not complete.
    case dependencyFailed
    /// The request made no sense: unknown kind, missing VM, bad parameter.
    case validation
    /// The engine that ran it died.
    case engineDied
    /// The backend lost the step.
    case backendLost
    /// A person ended the tracking of a backend that does not answer.
    case abandoned
    /// A lock was held and the job's policy is not to wait.
    case locked
}

/// What came of undoing a job's work.
package enum RollbackOutcome: String, CaseIterable, Codable, Sendable {
    /// The job did its work, or never began: there is nothing to undo.
    case notNeeded
    /// Work was done and its kind undoes nothing.
    case none
    /// Everything was undone.
    case clean
    /// Some undo failed; something is left behind.
    case dirty
    /// An operator decided not to undo.
    case skipped
}

/// What is known of the job's newest operation at the hypervisor.
package enum BackendStatus: String, CaseIterable, Codable, Sendable {
    /// No operation was begun.
    case none
    /// An operation is at work there.
    case running
    /// The newest operation was done.
    case done
    /// The newest operation failed.
    case failed
    /// Nobody knows; it is being found out, or was abandoned.
    case unknown
}

/// The rungs of the ladder of stopping.
package enum StopLevel: String, CaseIterable, Codable, Sendable, Comparable {
    /// Stop at the next step boundary, then undo.
    case cancel
    /// Interrupt the running step now, then undo.
    case abort
    /// Stop tracking a backend that does not answer.
    case abandon

    /// How far up the ladder: 1, 2 or 3.
    package var rung: Int {
        switch self {
        case .cancel: 1
        case .abort: 2
        case .abandon: 3
        }
    }

    /// Whether the left rung is the gentler one.
    package static func < (left: StopLevel, right: StopLevel) -> Bool { left.rung < right.rung }
}

/// A recorded request to stop a job.
package struct StopRequest: Hashable, Codable, Sendable {
    /// The rung asked for.
    package var level: StopLevel
    /// Who asked.
    package var by: String
    /// When it was recorded.
    package var at: Timestamp
    /// Why, in the words of who asked; may be empty.
    package var reason: String

    /// A request with all its parts.
    package init(level: StopLevel, by: String, at: Timestamp, reason: String) {
        self.level = level
        self.by = by
        self.at = at
        self.reason = reason
    }
}

/// What a job that is not at work waits for.
package struct Waiting: Hashable, Codable, Sendable {
    /// The kind of thing waited for.
    package enum Reason: String, CaseIterable, Codable, Sendable {
        case time, dependency, lock, lane, limit, pausedLane, unreachable, retry, children,
            `operator`, backend
        case engine
        /// It is at work, and nothing moves.
        case stalled
        case step, interrupt, undo
        /// Somebody other than its submitter must agree to it.
        case approval
    }

    /// The kind of thing waited for.
    package var reason: Reason
    /// What exactly: a lock and its holder, a lane, a host, a job; may be empty.
    package var on: String
    /// Since when.
    package var since: Timestamp

    /// A wait with all its parts.
    package init(_ reason: Reason, on: String = "", since: Timestamp) {
        self.reason = reason
        self.on = on
        self.since = since
    }

    /// The wait in one line: `waits for lock vm/web-1 held by job-12`.
    package var text: String {
        switch reason {
        case .time: "waits until \(on)"
        case .dependency: "waits for \(on) to complete"
        case .lock: "waits for lock \(on)"
        case .lane: "waits for a slot in lane \(on)"
        case .limit: "waits for limit \(on)"
        case .pausedLane: pausedText
        case .unreachable: "\(on) is unreachable"
        case .retry: "tries again \(on)"
        case .children: "waits for its children"
        case .operator: "waits for an operator: \(on)"
        case .backend: "asks the backend about \(on)"
        case .engine: "no engine is alive on this store"
        case .stalled: "no progress in \(on)"
        case .step: "waits for the end of \(on)"
        case .interrupt: "the interrupt of \(on) is sent"
        case .undo: "undoes \(on)"
        case .approval: "waits for approval \(on)"
        }
    }

    /// `lane host/kvm-a01 is paused by ann: new memory`, of the lane's name and what follows it.
    private var pausedText: String {
        let name = on.prefix { $0 != " " }
        return "lane \(name) is paused" + on.dropFirst(name.count)
    }
}

/// A structured result: the domain says whose numbers these are.
package struct ResultCode: Hashable, Codable, Sendable {
    /// Whose numbers: `signalbox`, `cloudstack`, `vdsm`, `oracle`.
    package var domain: String
    /// The number within the domain.
    package var number: Int
    /// The name within the domain: `INSUFFICIENT_CAPACITY_ERROR`.
    package var name: String

    /// A code with all its parts.
    package init(domain: String, number: Int, name: String) {
        self.domain = domain
        self.number = number
        self.name = name
    }

    /// Nothing went wrong.
    package static let ok = ResultCode(domain: "signalbox", number: 0, name: "OK")
}

/// How an error is to be taken: what may follow from it.
package enum FailureClass: String, Codable, Sendable {
    /// It will not get better by trying again.
    case permanent
    /// It may get better: try again after a pause.
    case transient
    /// The host does not answer: its lane is closed for a while.
    case unreachable
    /// This place does not fit: another host may.
    case placement
}

/// An error that a step, an undo or a plan ended with.
package struct Failure: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    /// The structured code.
    package var code: ResultCode
    /// What went wrong, in one sentence for the operator.
    package var text: String
    /// What may follow from it.
    package var kind: FailureClass

    /// A failure with all its parts.
    package init(_ code: ResultCode, _ text: String, kind: FailureClass = .permanent) {
        self.code = code
        self.text = text
        self.kind = kind
    }

    /// The sentence for the operator.
    package var description: String { text }

    /// A request that makes no sense, in CloudStack's number for a bad parameter.
    package static func validation(_ text: String) -> Failure {
        Failure(ResultCode(domain: "cloudstack", number: 431, name: "PARAM_ERROR"), text)
    }
}
