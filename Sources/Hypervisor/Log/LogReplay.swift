import Foundation

/// The first line of a log: everything as it was when the log was begun or compacted.
struct LogHead: Codable {
    var signalboxHypervisor: Int
    var state: SavedState?
}

/// Makes a simulation of what a log's file holds.
struct LogReplay {
    let path: String
    /// What is not in the file is taken from here.
    let fresh: Simulation

    /// The simulation as the last complete line leaves it.
    func simulation(_ data: Data) throws(HypervisorLogError) -> Simulation {
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last newline was torn by a crash, or is empty.
        lines.removeLast()
        guard let first = lines.first else { throw damaged(1, "it is not complete") }
        var simulation = try start(first)
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

    private func start(_ line: Data) throws(HypervisorLogError) -> Simulation {
        do {
            let head = try JSONDecoder().decode(Bare.self, from: line)
            guard head.signalboxHypervisor <= HypervisorLog.version else {
                throw HypervisorLogError.newer(path: path, version: head.signalboxHypervisor)
            }
            guard let saved = try JSONDecoder().decode(LogHead.self, from: line).state else {
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
        case DecodingError.dataCorrupted(let context): sentence(context)
        case DecodingError.keyNotFound(let key, _): "the key \(key.stringValue) is missing"
        case DecodingError.typeMismatch(_, let context): sentence(context)
        case DecodingError.valueNotFound(_, let context): sentence(context)
        default: "\(error)"
        }
    }

    /// What the decoder says, without the full stop that follows it here anyway.
    private static func sentence(_ context: DecodingError.Context) -> String {
        let text = context.debugDescription
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
