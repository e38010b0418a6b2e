import Foundation

/// The file that outlives the process: a snapshot in the first line, then one call a line.
///
/// Calls are only written, not synced: after a power cut the newest may be missing, and the
/// hypervisor then knows nothing of them. Snapshots are synced before they replace the file.
package final class HypervisorLog {
    /// How long the log grows before it is compacted, unless told otherwise: 8 MB.
    package static let usualBound = 8 << 20
    static let version = 1

    private let path: String
    private var bound: Int
    private var file: LockedFile
    private var length = 0
    private var failure: Fault?
    private let encoder = JSONEncoder()

    /// Opens or makes the file and locks it for this process; reads and changes nothing yet.
    ///
    /// With `seizing` it is taken from a process that has it locked; ``restore(or:)`` replaces it.
    init(_ path: String, bound: Int, seizing: Bool = false) throws(HypervisorLogError) {
        self.path = path
        self.bound = max(bound, 1)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        file = try LockedFile(openingOrMaking: path, seizing: seizing)
    }

    /// Replays the file, or begins it with a fresh state when it is empty; then compacts it.
    func restore(or fresh: Simulation) throws(HypervisorLogError) -> Simulation {
        let data = try file.contents()
        var simulation =
            data.isEmpty ? fresh : try LogReplay(path: path, fresh: fresh).simulation(data)
        simulation.unread = Set(simulation.tasks.keys)
        try compact(simulation)
        return simulation
    }

    /// Writes entries with one write; nil when that worked.
    func append(_ entries: [LogEntry]) -> Fault? {
        if let failure { return failure }
        do {
            var data = Data()
            for entry in entries {
                data.append(try encoder.encode(entry))
                data.append(UInt8(ascii: "\n"))
            }
            try file.write(data)
            length += data.count
            return nil
        } catch {
            let fault = Fault.logUnwritable.saying("\(error)")
            // Half a line in the middle would damage the file: take it back, or write no more.
            if !file.cut(to: length) { failure = fault }
            return fault
        }
    }

    /// Compacts the file if it has grown long; when that does not work, tries again much later.
    func compactIfLong(_ simulation: Simulation) {
        guard length > bound, failure == nil else { return }
        do { try compact(simulation) } catch { bound = length * 2 }
    }

    private func compact(_ simulation: Simulation) throws(HypervisorLogError) {
        let head = LogHead(signalboxHypervisor: Self.version, state: SavedState(simulation))
        var data: Data
        do { data = try encoder.encode(head) } catch {
            throw .cannotUse(path: path, reason: "\(error)")
        }
        data.append(UInt8(ascii: "\n"))
        file = try file.replaced(by: data)
        length = data.count
        // A big state is not written again for a few calls.
        bound = max(bound, 4 * length)
    }
}
