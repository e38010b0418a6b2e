import Foundation
import Model
import Store

/// How long it takes until work goes on after the engine was killed.
enum RestartBench {
    static func restart(_ lab: BenchLab) throws -> [BenchLine] {
        let path = lab.path()
        let filled = try SQLiteStore(path: path)
        try BenchLab.fill(filled, lab.size, [.queued])
        try filled.close()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["serve", "--store", path]
        // Into a file, because nobody empties a pipe meanwhile.
        let words = "\(path).words"
        process.standardError = try Self.file(words)
        try process.run()
        defer { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
        let watching = try SQLiteStore(path: path, readOnly: true)
        try wait(for: process, words) { try watching.read { try $0.counts()[.completed] > 200 } }
        kill(process.processIdentifier, SIGKILL)
        let began = ContinuousClock.now
        process.waitUntilExit()
        let engine = try BenchEngine(path: path)
        engine.wait(ended: 1)
        let took = (ContinuousClock.now - began) / .milliseconds(1)
        try engine.stop()
        try watching.close()
        return [
            BenchLine("restart", "kill -9 → the next job ends, \(lab.size) queued", took, "ms")
                .reaching("≤ 1000", took <= 1000)
        ]
    }

    private static func wait(
        for process: Process,
        _ words: String,
        _ isSo: () throws -> Bool
    ) throws {
        let began = ContinuousClock.now
        while try !isSo() {
            guard process.isRunning else {
                throw complaint("the engine to be killed ended by itself", words)
            }
            guard ContinuousClock.now - began < .seconds(60) else {
                throw complaint("the engine to be killed did not begin to work", words)
            }
            usleep(2000)
        }
    }

    private static func file(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Complaint(.failed, "cannot write \(path)") }
        return handle
    }

    /// What went wrong, with the engine's own words about it.
    private static func complaint(_ text: String, _ words: String) -> Complaint {
        let said = (try? String(contentsOfFile: words, encoding: .utf8)) ?? ""
        let lines = said.split(separator: "\n").suffix(5).map { line in
            line.hasPrefix("signalbox: ") ? line.dropFirst(11) : line
        }
        let why = lines.isEmpty ? "it said nothing" : lines.joined(separator: "; ")
        return Complaint(.failed, "\(text): \(why)")
    }
}
