/// What an operator decides about an operation at the backend whose outcome is not known.
///
/// It is for the operation that a job waits for, and for one that a job left behind when it was
/// abandoned: that stays on record until somebody settles it.
package enum OperationDecision: String, CaseIterable, Codable, Sendable {
    /// Ask the backend; changes nothing but what is known.
    case ask
    /// Have the backend stop an operation that was left behind.
    case interrupt
    /// Declare that it was done, as somebody has verified by hand.
    case settleDone
    /// Declare that it was not done and is no longer at work, as somebody has verified by hand.
    case settleNotDone
}

extension StepRecord {
    /// Whether its operation is at the backend and its job waits for it.
    package var isInFlight: Bool {
        if undo == .issued || undo == .running { return true }
        guard state == .issued || state == .running, case .operation = step.work else {
            return false
        }
        return true
    }

    /// Whether its newest operation takes it back.
    package var isOperationUndo: Bool {
        operation.split(separator: "/").last?.first == "u"
    }

    /// Whether its operation was left behind with an outcome that nobody knows.
    ///
    /// `backend` is what its job says of the backend.
    package func isUnsettled(_ backend: BackendStatus) -> Bool {
        guard !operation.isEmpty, !isInFlight else { return false }
        guard isOperationUndo else { return state == .unknown }
        return undo == .skipped && (backend == .unknown || backend == .running)
    }
}
