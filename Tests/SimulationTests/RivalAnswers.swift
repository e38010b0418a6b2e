import Engine
import Model
import Synchronization

/// Whether an engine that was replaced has told anybody that something is done.
final class RivalAnswers: Sendable {
    private let given = Mutex(false)

    /// What is called with an answer.
    var reply: RequestReply {
        { [self] answer in
            if case .success = answer { given.withLock { $0 = true } }
        }
    }

    var wasGiven: Bool { given.withLock { $0 } }
}
