import Engine
import Foundation
import Model
import Operations
import Store

/// Follows the journal for one hook, on a thread of its own, so that neither the engine nor another
/// hook ever waits for it.
final class HookThread: Sendable {
    /// Takes lines of the journal with their jobs; says whether to go on.
    private typealias Taker = ([JournalEntry], [JobID: Job]) throws -> Bool

    private let rule: HookRule
    private let site: Site
    private let ring: (@Sendable () -> Void)?
    private let listener: EngineHost.Listener
    private let stopping: WakePipe
    private let finished = DispatchSemaphore(value: 0)

    /// How many lines are taken at once: the queue in memory; the journal is the rest of it.
    private static let portion = 256
    /// The pause after something went wrong with the store, in milliseconds.
    private static let pause: Int32 = 2000

    /// One that runs the rule's script.
    init(_ rule: HookRule, site: Site, listener: @escaping EngineHost.Listener) throws {
        (self.rule, self.site, self.listener) = (rule, site, listener)
        ring = nil
        stopping = try WakePipe()
    }

    /// One that rings for what happens from now on.
    init(ringing rule: HookRule, site: Site, _ ring: @escaping @Sendable () -> Void) throws {
        (self.rule, self.site, self.ring) = (rule, site, ring)
        listener = { _ in }
        stopping = try WakePipe()
    }

    /// Starts the thread; may be called once.
    func start() {
        let thread = Thread { [self] in
            while !work() {}
            finished.signal()
        }
        thread.name = "hook"
        thread.start()
    }

    /// Ends the thread; a script that runs goes on, and is found again by the next engine.
    func stop() {
        stopping.signal()
        finished.wait()
    }

    // MARK: The thread

    /// Works until it is told to stop, or something goes wrong; true if it is told to stop.
    private func work() -> Bool {
        do {
            try follow()
            return true
        } catch {
            listener(.trouble("hook \(rule.name): \(error)"))
            return isStopping(within: Self.pause)
        }
    }

    private func follow() throws {
        let store = try site.openStoreForReading()
        defer { try? store.close() }
        let watcher = try StoreWatcher(storePath: site.storePath)
        let newest = try store.read { try $0.journalEnd() }
        var cursor = newest
        let take = try taker(newest, &cursor)
        var echoes = Echoes()
        while true {
            let after = cursor
            let entries = try store.read { reader in
                try reader.journal(of: nil, after: after, limit: Self.portion)
            }
            if let last = entries.last {
                guard try take(entries, try jobs(of: entries, store)) else { return }
                cursor = last.sequence
            }
            let isFull = entries.count == Self.portion
            if isStopping(within: isFull ? 0 : echoes.next(within: -1), watcher) { return }
            if watcher.drain() { echoes.begin() }
        }
    }

    private func taker(_ newest: Int64, _ cursor: inout Int64) throws -> Taker {
        if let ring {
            return { [rule] entries, jobs in
                let isMatch = entries.contains { entry in
                    jobs[entry.job].map { rule.matches(entry, $0) } ?? false
                }
                if isMatch { ring() }
                return true
            }
        }
        let runner = try HookRunner(
            rule,
            catalog: site.configuration.catalog,
            guardian: Guardian.own,
            folder: site.scriptsPath,
            newest: newest,
            stopping: stopping
        )
        cursor = runner.course.cursor
        return { [listener] entries, jobs in
            try runner.take(entries, jobs: jobs) { listener(.trouble($0)) }
        }
    }

    /// The jobs of those lines that may count.
    private func jobs(of entries: [JournalEntry], _ store: SQLiteStore) throws -> [JobID: Job] {
        let ids = Set(entries.filter(rule.mayMatch).map(\.job)).sorted()
        guard !ids.isEmpty else { return [:] }
        let found = try store.read { try $0.jobs(ids) }
        return Dictionary(found.map { ($0.job.id, $0.job) }) { $1 }
    }

    private func isStopping(within milliseconds: Int32, _ watcher: StoreWatcher? = nil) -> Bool {
        var wanted = [stopping.readEnd, watcher?.descriptor ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        _ = poll(&wanted, nfds_t(wanted.count), milliseconds)
        return wanted[0].revents != 0
    }
}
