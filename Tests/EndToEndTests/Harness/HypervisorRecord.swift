import Foundation

/// What a hypervisor was asked, over all the lives of the engine.
///
/// The log is compacted when it is opened; so it is read after each engine's death.
struct HypervisorRecord {
    private struct Line: Decodable {
        struct Call: Decodable {
            let id: String
            let verb: String
        }
        struct Interrupt: Decodable { let id: String }
        let begin: Call?
        let interrupt: Interrupt?
        let clear: String?
    }

    private var begun: [String: Set<String>] = [:]
    private var cleared: Set<String> = []
    private var interrupted: Set<String> = []
    private var last = Data()
    /// What should never have been asked, in words.
    private(set) var findings: [String] = []
    /// The jobs that findings are about.
    private(set) var doubtful: Set<String> = []
    /// How many tasks were begun.
    private(set) var tasks = 0

    /// Reads one life of a log.
    mutating func read(_ path: String) {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        // An engine that died before it opened the log has left it as it was.
        let isSameLife = data.starts(with: last)
        let news = isSameLife ? data.dropFirst(last.count) : data
        last = data
        let decoder = JSONDecoder()
        for line in news.split(separator: UInt8(ascii: "\n")) {
            guard let line = try? decoder.decode(Line.self, from: line) else { continue }
            if let id = line.clear { cleared.insert(id) }
            if let id = line.interrupt?.id { interrupted.insert(id) }
            if let call = line.begin { take(call) }
        }
    }

    /// Takes a call: a name that is forgotten must not come again, nor a step under two names.
    ///
    /// A step that was interrupted may be begun anew: some kinds ask for that when an engine died.
    private mutating func take(_ call: Line.Call) {
        if cleared.contains(call.id) { findings.append("\(call.id) was begun again after its end") }
        let parts = call.id.split(separator: "/").map(String.init)
        guard parts.count == 3 else { return findings.append("what is task \(call.id)?") }
        let step = parts[0] + "/" + parts[1]
        let isUndo = parts[2].hasPrefix("u")
        let names = begun[step, default: []]
        if names.isEmpty { tasks += 1 }
        let others = names.subtracting([call.id]).subtracting(interrupted)
        if !isUndo, !others.isEmpty {
            doubtful.insert(parts[0])
            findings.append("\(call.verb) was begun as \(others.sorted()) and as \(call.id)")
        }
        if !isUndo { begun[step, default: []].insert(call.id) }
    }
}
