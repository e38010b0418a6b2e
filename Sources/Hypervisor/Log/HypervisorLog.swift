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

    private struct Head: Codable {
        var signalboxHypervisor: Int
        var state: SavedState?
    }

    /// Opens or makes the file and locks it for this process; reads and changes nothing yet.
    init(_ path: String, bound: Int) throws(HypervisorLogError) {
        self.path = path
        self.bound = max(bound, 1)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        file = try LockedFile(openingOrMaking: path)
    }

    /// Replays the file, or begins it with a fresh state when it is empty; then compacts it.
    func restore(or fresh: Simulation) throws(HypervisorLogError) -> Simulation {
        let data = try file.contents()
        var simulation = data.isEmpty ? fresh : try replay(data, fresh)
        simulation.unread = Set(simulation.tasks.keys)
        try compact(simulation)
        return simulation
    }

    private func replay(
        _ data: Data,
        _ fresh: Simulation
    ) throws(HypervisorLogError) -> Simulation {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last newline was torn by a crash, or is empty.
        lines.removeLast()
        guard let first = lines.first else { throw damaged(1, "it is not complete") }
        var simulation = try start(first, fresh)
        let decoder = JSONDecoder()
        for (index, line) in lines.dropFirst().enumerated() {
            let entry: LogEntry
            do {
                entry = try decoder.decode(LogEntry.self, from: line)
            } catch {
                throw damaged(index + 2, Self.reason(error))
            }
            _ = simulation.apply(entry)
        }
        return simulation
    }

    private func start(
        _ line: Data,
        _ fresh: Simulation
    ) throws(HypervisorLogError) -> Simulation {
        do {
            let head = try JSONDecoder().decode(Bare.self, from: line)
            guard head.signalboxHypervisor <= Self.version else {
                throw HypervisorLogError.newer(path: path, version: head.signalboxHypervisor)
            }
            guard let saved = try JSONDecoder().decode(Head.self, from: line).state else {
                throw damaged(1, "it holds no state")
            }
            return Simulation(saved, tick: fresh.tick, capacity: fresh.capacity)
        } catch let error as HypervisorLogError {
            throw error
        } catch {
            throw damaged(1, Self.reason(error))
        }
    }

    private struct Bare: Codable {
        var signalboxHypervisor: Int
    }

    private func damaged(_ line: Int, _ reason: String) -> HypervisorLogError {
        .damaged(path: path, line: line, reason: reason)
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context): context.debugDescription
        case DecodingError.keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case DecodingError.typeMismatch(_, let context): context.debugDescription
        case DecodingError.valueNotFound(_, let context): context.debugDescription
        default: "\(error)"
        }
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
        let head = Head(signalboxHypervisor: Self.version, state: SavedState(simulation))
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
