import Engine
import Foundation
import Glibc
import Model
import Synchronization

/// Stands by one run of a program: starts it, listens to it, ends it when asked, and writes down
/// what became of it.
///
/// It is a process of its own, so that a run neither needs an engine nor dies with one. Everything
/// that descends from the program is inherited by the guard, so that none of it can get away.
package enum ScriptGuard {
    /// Guards the run of a folder to its end; blocks until nothing of it is left.
    ///
    /// - Parameters:
    ///   - folder: the run's folder, with its order.
    ///   - clock: the milliseconds since some moment, never going back.
    /// - Returns: 0 if the run is over, 1 if it could not be guarded.
    package static func run(folder: String, clock: @escaping @Sendable () -> Int64) -> Int32 {
        let folder = RunFolder(path: folder)
        for signal in [SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE] {
            Glibc.signal(signal, SIG_IGN)
        }
        let life = open(folder.life, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard life >= 0, flock(life, LOCK_EX | LOCK_NB) == 0 else { return 1 }
        defer { close(life) }
        // What was begun once is not begun again, whatever became of its guard.
        guard !folder.has(folder.beginning), !folder.has(folder.end),
            let order = folder.read(ScriptOrder.self, from: folder.order)
        else { return 1 }
        do {
            let watch = try GuardedRun(folder, order, clock)
            try folder.write(ScriptBeginning.current(), to: folder.beginning)
            try folder.write(watch.run(), to: folder.end)
            return 0
        } catch {
            return 1
        }
    }
}

extension ScriptBeginning {
    /// This process as a guard.
    static func current() -> ScriptBeginning {
        ScriptBeginning(
            process: getpid(),
            processStart: Kin.member(getpid())?.start ?? 0,
            boot: Kin.boot()
        )
    }
}

/// A run while its guard stands by it.
private final class GuardedRun: ProgramHost {
    let descriptor: Int32
    private let folder: RunFolder
    private let order: ScriptOrder
    private let clock: @Sendable () -> Int64
    private let outputFile: Int32
    private var keeper: OutputKeeper
    private var hasStop = false

    /// How long dead orphans may wait to be buried, in milliseconds.
    private static let burialRhythm: Int64 = 10_000

    init(
        _ folder: RunFolder,
        _ order: ScriptOrder,
        _ clock: @escaping @Sendable () -> Int64
    ) throws {
        (self.folder, self.order, self.clock) = (folder, order, clock)
        descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard descriptor >= 0,
            inotify_add_watch(descriptor, folder.path, UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) >= 0
        else { throw FileTrouble("watch \(folder.path)") }
        outputFile = open(folder.output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard outputFile >= 0 else { throw FileTrouble("write \(folder.output)") }
        let file = outputFile
        keeper = OutputKeeper(order.limits, secrets: order.secrets) { $0.write(to: file) }
    }

    /// Runs the program to the end of the last of its processes.
    func run() throws -> ScriptEnd {
        let watch = try ProgramWatch(
            for: self,
            grace: order.grace,
            timeout: order.timeout,
            clock: clock
        )
        hasStop = folder.has(folder.stop)
        guard !hasStop else {
            var end = ScriptEnd()
            end.stop = .asked
            return end
        }
        try? FileManager.default.createDirectory(
            atPath: folder.scratch,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let end = try watch.run(order, scratch: folder.scratch)
        keeper.finish()
        fsync(outputFile)
        try? FileManager.default.removeItem(atPath: folder.scratch)
        return end.saying(keeper.end)
    }

    func isStopAsked() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        var hasNews = false
        while Glibc.read(descriptor, &buffer, buffer.count) > 0 { hasNews = true }
        if hasNews, folder.has(folder.stop) { hasStop = true }
        return hasStop
    }

    func take(_ line: String, isErrors: Bool) {
        keeper.take(line, isErrors: isErrors, at: clock())
    }

    func pause(at now: Int64) -> Int64 {
        min(keeper.tellsAt.map { $0 - now } ?? .max, Self.burialRhythm)
    }

    func work(at now: Int64) { keeper.tell(at: now) }
}
