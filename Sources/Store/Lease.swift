import Foundation
package import Model
import Synchronization

/// What the owner of a store writes into a small file beside it, again and again.
///
/// Locks of files are not to be trusted between machines, and their clocks agree on nothing. So an
/// owner counts, and whoever wants to know whether it lives looks whether the count moves.
package struct LeaseRecord: Hashable, Codable, Sendable {
    /// Its process.
    package var process: Int32
    /// When that process began, in the kernel's ticks: tells it from a later one of that number.
    package var started: Int64
    /// Its machine's name.
    package var machine: String
    /// The machine's own identity; empty if it has none.
    package var machineID: String
    /// The boot of the machine in which it runs.
    package var bootID: String
    /// Since when it owns the store, in the store's time.
    package var since: Timestamp
    /// Grows with each renewal.
    package var beat: Int64 = 0
    /// The machine's monotonic clock at the newest renewal, in milliseconds.
    package var uptime: Int64 = 0
    /// The store's time at the newest renewal.
    package var now: Timestamp
    /// Whether the owner gave the store back in peace.
    package var isReleased = false

    /// A first record of a process.
    package init(
        process: Int32,
        started: Int64,
        machine: String,
        machineID: String,
        bootID: String,
        since: Timestamp
    ) {
        self.process = process
        self.started = started
        self.machine = machine
        self.machineID = machineID
        self.bootID = bootID
        self.since = since
        now = since
    }

    /// This process, on this machine, in its present boot.
    package static func current(since: Timestamp) -> LeaseRecord {
        let holder = StoreLock.Holder.current(since: since)
        let id =
            StoreLock.Holder.pretendedMachine
            ?? (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8))
        return LeaseRecord(
            process: holder.process,
            started: ProcessClock.start(of: holder.process) ?? 0,
            machine: holder.machine,
            machineID: id?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "",
            bootID: holder.bootID,
            since: since
        )
    }

    /// Whether both were written by the same ownership.
    package func isSameOwner(as other: LeaseRecord) -> Bool {
        process == other.process && started == other.started && bootID == other.bootID
            && since == other.since
    }

    /// Whether both are of one boot of one machine, where the kernel knows who is alive.
    package func isSameBoot(as other: LeaseRecord) -> Bool {
        !bootID.isEmpty && bootID == other.bootID
    }

    /// Whether it was written in an earlier boot of that machine: then its writer is gone.
    package func isEarlierBoot(of other: LeaseRecord) -> Bool {
        bootID != other.bootID && machine == other.machine && !machineID.isEmpty
            && machineID == other.machineID
    }
}

/// The file with the lease of a store: the store's path with `.lease` at its end.
package struct LeaseFile: Sendable {
    /// How often an owner renews its lease, in milliseconds.
    package static let interval: Int64 = 5000
    /// After how many milliseconds without a renewal a lease is over.
    package static let limit: Int64 = 15_000

    /// The file.
    package let path: String

    /// The lease of the store at `storePath`.
    package init(storePath: String) { path = storePath + ".lease" }

    /// What it says; nil if there is none, or something else.
    package func read() -> LeaseRecord? {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)), data.count < 4096
        else { return nil }
        return try? JSONDecoder().decode(LeaseRecord.self, from: data)
    }

    /// Puts a record in its place, whole or not at all.
    ///
    /// Not synced: after a power cut the boot is another one.
    ///
    /// - Throws: ``StoreError`` if the file cannot be written.
    package func write(_ record: LeaseRecord) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let draft = "\(path).\(record.process)"
        do {
            try encoder.encode(record).write(to: URL(fileURLWithPath: draft))
        } catch {
            throw StoreError(
                .notWritable,
                action: "write \(path)",
                detail: error.localizedDescription
            )
        }
        chmod(draft, 0o600)
        guard rename(draft, path) == 0 else {
            throw StoreError(
                .other,
                action: "write \(path)",
                detail: String(cString: strerror(errno))
            )
        }
    }
}

extension LeaseFile {
    /// Who owns the store from another machine, as far as the lease tells; nil if nobody does.
    package func ownerElsewhere() -> LeaseRecord? {
        let me = LeaseRecord.current(since: Timestamp(milliseconds: 0))
        return read().flatMap { record in
            let isElsewhere = !record.isSameBoot(as: me) && !record.isEarlierBoot(of: me)
            return isElsewhere && !record.isReleased ? record : nil
        }
    }
}

/// Judges from what it sees of a lease whether its owner is alive.
///
/// It is told its own machine's monotonic time, and compares it with nobody else's.
package struct LeaseWatch: Sendable {
    /// What can be said of a lease.
    package enum Verdict: Hashable, Sendable {
        /// Nobody owns the store.
        case free
        /// Somebody does, and was seen to be alive, or is presumed to for so many milliseconds.
        case alive(until: Int64)
        /// Its owner is dead or frozen, here or elsewhere, and still holds this machine's lock or
        /// never did.
        case expired
    }

    private var seen: LeaseRecord?
    private var seenAt: Int64 = 0

    /// A watch that has seen nothing yet.
    package init() {}

    /// Judges a lease.
    ///
    /// - Parameters:
    ///   - record: what the file says now; nil if there is none.
    ///   - me: who asks.
    ///   - isLockFree: whether nobody on this machine holds the store's lock.
    ///   - uptime: this machine's monotonic time, in milliseconds.
    /// - Returns: what can be said of it now.
    package mutating func judge(
        _ record: LeaseRecord?,
        me: LeaseRecord,
        isLockFree: Bool,
        uptime: Int64
    ) -> Verdict {
        if seen == nil || record != seen {
            seen = record
            seenAt = uptime
        }
        let left = LeaseFile.limit - (uptime - seenAt)
        guard let record, !record.isReleased else {
            return isLockFree ? .free : .alive(until: LeaseFile.limit)
        }
        // Here the kernel knows: a lock is gone when its process is, whoever has its number now.
        if isLockFree, record.isSameBoot(as: me) || record.isEarlierBoot(of: me) { return .free }
        return left > 0 ? .alive(until: left) : .expired
    }
}

/// What the kernel knows of processes and of time.
package enum ProcessClock {
    /// When a process began, in ticks since the boot; nil if there is no such process.
    package static func start(of process: Int32) -> Int64? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? Int64(fields[19]) : nil
    }

    /// This machine's monotonic time in milliseconds; it stands still while the machine sleeps.
    package static func uptime() -> Int64 { milliseconds(CLOCK_MONOTONIC) }

    /// The same, but it goes on while the machine sleeps.
    package static func sinceBoot() -> Int64 { milliseconds(CLOCK_BOOTTIME) }

    private static func milliseconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
