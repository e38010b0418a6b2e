import Console
import Engine
import Synchronization

/// Events on their way from other threads to the console's loop.
///
/// Of news that replaces what was known before only the newest is kept, so that a slow terminal
/// cannot make it grow.
final class Mailbox: Sendable {
    private let events = Mutex<[Event]>([])
    private let wake: WakePipe

    /// The descriptor that the loop polls.
    var descriptor: Int32 { wake.readEnd }

    /// An empty mailbox.
    init() throws { wake = try WakePipe() }

    /// Leaves an event for the loop; from any thread.
    func post(_ event: Event) {
        events.withLock { events in
            if let place = event.place { events.removeAll { $0.place == place } }
            events.append(event)
        }
        wake.signal()
    }

    /// What has come since the last time, oldest first.
    func take() -> [Event] {
        wake.drain()
        return events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}

extension Event {
    /// Names the news that this event replaces; nil if every such event counts.
    fileprivate var place: Int? {
        switch self {
        case .snapshot: 1
        case .detail: 2
        case .vms: 3
        case .hosts: 4
        case .locks: 5
        case .trouble: 6
        case .themes: 7
        case .preview: 8
        case .bell: 9
        case .input, .resized, .tick, .actionResult, .hangup: nil
        }
    }
}
