package import Engine
package import Model
import Synchronization

/// A backend on which everything is done at once; for measurements and tests of the engine itself.
package final class ImmediateBackend: Backend {
    private let news = Mutex<[BackendNews]>([])
    private let slotsPerLane: Int

    /// A backend whose every lane takes that many operations at once.
    package init(slotsPerLane: Int = 4096) { self.slotsPerLane = slotsPerLane }

    /// Says of each begun operation that it is done, and of each other that it is not known.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        news.withLock { news in
            news.reserveCapacity(news.count + calls.count)
            for call in calls {
                switch call {
                case .begin(let operation):
                    news.append(BackendNews(operation: operation.name, .done([:])))
                case .probe(let operation): news.append(BackendNews(operation: operation, .unknown))
                case .interrupt(let operation, _):
                    news.append(BackendNews(operation: operation, .unknown))
                case .clear: break
                }
            }
        }
    }

    /// The outcomes since the last time, in the order of the calls.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        news.withLock { news in
            defer { news = [] }
            return news
        }
    }

    /// At once if there are outcomes, otherwise not before the next call.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        news.withLock { $0.isEmpty } ? nil : now
    }

    /// The lane itself: nothing here has a host.
    package func resolve(lane: String) -> String { lane }

    /// The same for every lane.
    package func slots(inLane lane: String) -> Int { slotsPerLane }
}
