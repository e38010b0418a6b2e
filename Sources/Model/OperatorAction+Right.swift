extension OperatorAction {
    /// The right that it takes.
    ///
    /// There is no default: whoever adds an action says here who may do it.
    package var right: Right {
        switch self {
        case .stop(.cancel): .cancel
        case .stop(.abort): .abort
        case .stop(.abandon): .abandon
        case .retry: .retry
        case .resolve: .resolve
        case .acknowledge: .acknowledge
        case .prioritize: .priority
        case .pin, .unpin: .pin
        case .pause, .resume: .pauseLane
        case .setSlots: .sizeLane
        case .drain: .drain
        }
    }
}

extension OperatorRequest {
    /// The right that it takes; to resume an engine is the end of a drain.
    package var right: Right {
        if case .resume = action, subject == .engine { return .drain }
        return action.right
    }
}
