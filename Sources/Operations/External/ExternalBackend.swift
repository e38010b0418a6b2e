package import Engine
package import Model
import Synchronization

/// Stands for the programs outside that do work and report on it through the store.
///
/// It begins nothing and interrupts nothing: a program finds out by itself that its job is to be
/// stopped. Asked about an operation, it answers once for whoever asks first, such as an engine
/// that has just come; after that only reports of the program count, so that one that has fallen
/// silent is `lost`.
package final class ExternalBackend: Backend {
    private let slots: Int
    private let state = Mutex(State())

    private struct State {
        var news: [BackendNews] = []
        /// Operations that were begun or asked about since this backend was made.
        var known: Set<String> = []

        mutating func take(_ call: BackendCall) {
            switch call {
            case .begin(let operation):
                known.insert(operation.name)
                news.append(BackendNews(operation: operation.name, .accepted))
            case .probe(let operation):
                guard known.insert(operation).inserted else { return }
                news.append(BackendNews(operation: operation, .accepted))
            case .interrupt(let operation, _):
                let text = "its program is told so when it reports, and has to end by itself"
                news.append(BackendNews(operation: operation, .notInterruptible(text)))
            case .clear(let operation): known.remove(operation)
            }
        }
    }

    /// How many steps outside are at work at once, unless told otherwise.
    package static let usualSlots = 256

    /// A backend whose lane takes that many operations at once.
    package init(slots: Int = ExternalBackend.usualSlots) { self.slots = slots }

    /// Answers calls from what it knows.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        state.withLock { state in
            for call in calls { state.take(call) }
        }
    }

    /// Its answers since the last time.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        state.withLock { state in
            defer { state.news = [] }
            return state.news
        }
    }

    /// At once while there are answers.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        state.withLock { $0.news.isEmpty } ? nil : now
    }

    /// The lane itself: nobody knows where such work is done.
    package func resolve(lane: String) -> String { lane }

    /// How many steps outside are at work at once.
    package func slots(inLane lane: String) -> Int { slots }

    /// Only that of outside work.
    package func knows(lane: String) -> Bool { lane == External.lane }
}
