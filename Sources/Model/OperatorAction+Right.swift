extension OperatorAction {
    /// The right that it takes.
    ///
    /// There is no default: whoever adds an action says here who may do it.
    package func right(on subject: Subject) -> Right {
        switch self {
        case .stop(.cancel): .cancel
        case .stop(.abort): .abort
        case .stop(.abandon): .abandon
        case .retry, .retryFrom: .retry
        case .approve, .reject: .approve
        case .resolve: .resolve
        case .settle(.ask), .settle(.interrupt): .resolve
        case .settle: .unstick
        case .release: .releaseLock
        case .acknowledge: .acknowledge
        case .prioritize: .priority
        case .pin, .unpin: .pin
        case .resume where subject == .engine: .drain
        case .pause, .resume: .pauseLane
        case .setSlots: .sizeLane
        case .drain: .drain
        case .report: .report
        }
    }
}
