import Foundation
package import Model
import Synchronization

/// One process's way to own a store: the lock for this machine, the lease for all others.
///
/// A dead owner on this machine is followed at once. One elsewhere, or one that is frozen, is
/// followed after ``LeaseFile/limit`` milliseconds in which its lease did not move. What an owner
/// that was taken for dead does later is refused: by the store (epoch) and by the backend (fence).
package final class Ownership: Sendable {
    private struct State {
        var watch = LeaseWatch()
        var mine: LeaseRecord?
        var beatAt: Int64 = 0
    }

    private let storePath: String
    private let lock: StoreLock
    private let lease: LeaseFile
    private let uptime: @Sendable () -> Int64
    private let identity: @Sendable (Timestamp) -> LeaseRecord
    private let state = Mutex(State())

    /// A way to own the store with that lock; a test can be another machine, with its own time.
    package init(
        storePath: String,
        lock: StoreLock,
        uptime: @escaping @Sendable () -> Int64 = ProcessClock.uptime,
        identity: @escaping @Sendable (Timestamp) -> LeaseRecord = LeaseRecord.current
    ) {
        self.storePath = storePath
        self.lock = lock
        lease = LeaseFile(storePath: storePath)
        self.uptime = uptime
        self.identity = identity
    }

    /// How the store was come by.
    package enum Outcome: Hashable, Sendable {
        /// It is owned now; nobody was in the way.
        case owned
        /// It is owned now; whoever had it may still wake up, and hold what it held.
        case seized
        /// Somebody else owns it.
        case refused
    }

    /// Owns the store if its owner is gone.
    ///
    /// - Throws: ``StoreError`` if lock or lease cannot be written.
    package func tryTake(at now: Timestamp) throws -> Outcome {
        try state.withLock { state in
            if state.mine != nil { return .owned }
            let me = identity(now)
            let holder = StoreLock.Holder(
                process: me.process,
                machine: me.machine,
                bootID: me.bootID,
                since: now
            )
            let record = lease.read()
            if let record, !record.isReleased, !record.isSameBoot(as: me),
                !record.isEarlierBoot(of: me)
            {
                // Of another machine: this one's lock says nothing.
                var watch = state.watch
                let seen = watch.judge(record, me: me, isLockFree: false, uptime: uptime())
                state.watch = watch
                guard seen == .expired else { return .refused }
            }
            let isTaken = try lock.tryTake(as: holder)
            switch state.watch.judge(record, me: me, isLockFree: isTaken, uptime: uptime()) {
            case .free: break
            case .alive:
                if isTaken { lock.release() }
                return .refused
            case .expired:
                // Somebody else may have seen the same and been faster.
                guard lease.read() == record else {
                    if isTaken { lock.release() }
                    return .refused
                }
                if !isTaken, try !lock.seize(as: holder) { return .refused }
                try begin(me, &state)
                return .seized
            }
            try begin(me, &state)
            return .owned
        }
    }

    private func begin(_ me: LeaseRecord, _ state: inout State) throws {
        var record = me
        record.uptime = uptime()
        record.beat = 1
        do {
            try lease.write(record)
        } catch {
            lock.release()
            throw error
        }
        state.mine = record
        state.beatAt = record.uptime
    }

    /// Renews the lease if that is due.
    ///
    /// - Returns: milliseconds until it is due again; nil if the store is not owned.
    /// - Throws: ``StoreError`` with code `notOwner` if somebody else has the store by now.
    package func beat(at now: Timestamp) throws -> Int64? {
        try state.withLock { state in
            guard var mine = state.mine else { return nil }
            let moment = uptime()
            let left = LeaseFile.interval - (moment - state.beatAt)
            guard left <= 0 else { return left }
            // A lease that was removed is written again; one of somebody else is not.
            if let record = lease.read(), !record.isSameOwner(as: mine) {
                state.mine = nil
                throw StoreError(
                    .notOwner,
                    action: "renew the lease",
                    detail: "process \(record.process) on \(record.machine) has it"
                )
            }
            mine.beat += 1
            mine.uptime = moment
            mine.now = now
            try lease.write(mine)
            state.mine = mine
            state.beatAt = moment
            return LeaseFile.interval
        }
    }

    /// Gives the store back in peace, so that nobody has to wait.
    package func release(at now: Timestamp) {
        state.withLock { state in
            if var mine = state.mine, lease.read().map({ $0.isSameOwner(as: mine) }) ?? false {
                mine.isReleased = true
                mine.uptime = uptime()
                mine.now = now
                try? lease.write(mine)
            }
            state.mine = nil
        }
        lock.release()
    }

    /// Forgets the store after it was lost to somebody else.
    package func forget() {
        state.withLock { $0.mine = nil }
        lock.release()
    }
}

/// The processes that stand by to own a store: each has a small file beside it.
package enum Standbys {
    private static func prefix(_ storePath: String) -> String {
        (storePath as NSString).lastPathComponent + ".standby-"
    }

    /// Notes that a process stands by; one that cannot be noted stands by all the same.
    package static func note(_ record: LeaseRecord, of storePath: String) {
        guard let data = try? JSONEncoder().encode(record) else { return }
        let path = file(record, storePath)
        try? data.write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
    }

    /// Takes that back.
    package static func remove(_ record: LeaseRecord, of storePath: String) {
        unlink(file(record, storePath))
    }

    private static func file(_ record: LeaseRecord, _ storePath: String) -> String {
        "\(storePath).standby-\(record.bootID.prefix(8))-\(record.process)"
    }

    /// Who stands by; those of this machine that are gone are left out.
    package static func list(of storePath: String) -> [LeaseRecord] {
        let me = LeaseRecord.current(since: Timestamp(milliseconds: 0))
        let folder = (storePath as NSString).deletingLastPathComponent
        let directory = folder.isEmpty ? "." : folder
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasPrefix(prefix(storePath)) }.sorted().prefix(100)
            .compactMap { name in
                let url = URL(fileURLWithPath: directory + "/" + name)
                guard let data = try? Data(contentsOf: url),
                    let record = try? JSONDecoder().decode(LeaseRecord.self, from: data)
                else { return nil }
                guard record.isSameBoot(as: me) else {
                    return record.isEarlierBoot(of: me) ? nil : record
                }
                return ProcessClock.start(of: record.process) == record.started ? record : nil
            }
    }
}
