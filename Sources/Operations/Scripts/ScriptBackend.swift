package import Engine
import Foundation
package import Model

/// Runs the programs that the configuration lists, each under a guard of its own.
///
/// Calls are only noted here; a thread of its own does what can block. What is known of a run lies
/// in its folder beside the store, so that an engine that comes later finds out what became of it.
package final class ScriptBackend: Backend {
    private let traffic: ScriptTraffic
    private let slots: Int

    /// Takes over the runs of a folder, which is made if it is not there.
    ///
    /// - Parameters:
    ///   - folder: where the records of runs lie; one backend at a time may use it.
    ///   - catalog: what may be run.
    ///   - guardian: what stands by the runs.
    ///   - wake: is called from another thread when there are news.
    /// - Throws: ``FileTrouble`` if the folder cannot be used, or is in use.
    package init(
        folder: String,
        catalog: ScriptCatalog,
        guardian: Guardian,
        wake: @escaping @Sendable () -> Void
    ) throws {
        slots = catalog.slots
        traffic = try ScriptTraffic(wake: wake)
        let desk = try ScriptDesk(folder, catalog, guardian, traffic)
        let traffic = traffic
        traffic.change { $0.known = Set(desk.operations) }
        let thread = Thread {
            desk.work()
            traffic.finished.signal()
        }
        thread.name = "scripts"
        thread.start()
    }

    deinit { stop() }

    /// Ends the thread; runs go on under their guards, for the next backend to take over.
    package func stop() {
        let isFirst = traffic.change { traffic in
            defer { traffic.isStopping = true }
            return !traffic.isStopping
        }
        traffic.inbox.signal()
        if isFirst { traffic.finished.wait() }
    }

    /// Whether there is a record of an operation.
    package func knows(_ operation: String) -> Bool {
        traffic.change { $0.known.contains(operation) }
    }

    /// Notes calls; they are carried out in order on the thread of the scripts.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        traffic.change { traffic in
            traffic.calls += calls
            for case .begin(let call) in calls { traffic.known.insert(call.name) }
        }
        traffic.inbox.signal()
    }

    /// What has become known since the last time.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        let (news, wasFull) = traffic.change { traffic -> ([BackendNews], Bool) in
            defer { (traffic.news, traffic.lines) = ([], 0) }
            traffic.commit()
            for item in traffic.news where item.reach > 0 {
                traffic.reach[item.news.operation] = item.reach
            }
            return (traffic.news.map(\.news), !traffic.news.isEmpty)
        }
        if wasFull { traffic.inbox.signal() }
        return news
    }

    /// At once while there are news; of others it wakes the engine.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        let (isEmpty, hasCommitted) = traffic.change { traffic in
            let hasCommitted = !traffic.reach.isEmpty
            traffic.commit()
            return (traffic.news.isEmpty, hasCommitted)
        }
        if hasCommitted { traffic.inbox.signal() }
        return isEmpty ? nil : now
    }

    /// The lane itself: scripts run on no host.
    package func resolve(lane: String) -> String { lane }

    /// How many scripts run at once.
    package func slots(inLane lane: String) -> Int { slots }
}
