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
        process.standardError = FileHandle.nullDevice
        try process.run()
        let watching = try SQLiteStore(path: path, readOnly: true)
        try wait { try watching.read { try $0.counts()[.completed] > 200 } }
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

    private static func wait(_ isSo: () throws -> Bool) throws {
        let began = ContinuousClock.now
        while try !isSo() {
            guard ContinuousClock.now - began < .seconds(60) else {
                throw Complaint(.failed, "the engine to be killed did not begin to work")
            }
            usleep(2000)
        }
    }
}
