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
private final class GuardedRun {
    private let folder: RunFolder
    private let order: ScriptOrder
    private let clock: @Sendable () -> Int64
    private let child: ScriptChild
    private let stopWatch: Int32
    private let outputFile: Int32
    private var keeper: OutputKeeper
    private var streams: [ProgramStream] = []
    private var ladder: KillLadder
    private var isStopAsked = false
    private var killed: Set<pid_t> = []

    /// How long dead orphans may wait to be buried, in milliseconds.
    private static let burialRhythm: Int64 = 10_000

    init(
        _ folder: RunFolder,
        _ order: ScriptOrder,
        _ clock: @escaping @Sendable () -> Int64
    ) throws {
        (self.folder, self.order, self.clock) = (folder, order, clock)
        stopWatch = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
        guard stopWatch >= 0,
            inotify_add_watch(stopWatch, folder.path, UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) >= 0
        else { throw FileTrouble("watch \(folder.path)") }
        outputFile = open(folder.output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard outputFile >= 0 else { throw FileTrouble("write \(folder.output)") }
        try Offspring.inherit()
        let file = outputFile
        keeper = OutputKeeper(order.limits, secrets: order.secrets) { $0.write(to: file) }
        ladder = KillLadder(grace: order.grace, timeout: order.timeout, from: clock())
        child = try ScriptChild()
    }

    /// Runs the program to the end of the last of its processes.
    func run() throws -> ScriptEnd {
        isStopAsked = folder.has(folder.stop)
        guard !isStopAsked else {
            var end = ScriptEnd()
            end.stop = .asked
            return end
        }
        try? FileManager.default.createDirectory(
            atPath: folder.scratch,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let pipes = try child.start(order, scratch: folder.scratch)
        streams = ProgramStream.both(pipes, order.limits)
        while true {
            // Until it has begun to be the program, what is sent to it goes nowhere.
            guard child.process != nil || child.ending != nil else {
                listen(atMost: nil)
                continue
            }
            let action = ladder.decide(facts())
            switch action {
            case .wait(let limit): listen(atMost: limit)
            case .ask: killed.formUnion(Offspring.signal(SIGTERM, child))
            case .kill:
                killed.formUnion(Offspring.signal(SIGKILL, child))
                listen(atMost: KillLadder.glance)
            case .over: return conclude()
            }
        }
    }

    private func facts() -> KillLadder.Facts {
        let hasEnded = child.ending != nil
        let counts = ladder.needsCount(hasEnded)
        Offspring.bury(but: child)
        return KillLadder.Facts(
            now: clock(),
            isStopAsked: isStopAsked,
            hasEnded: hasEnded,
            living: counts ? Kin.living(below: getpid()).count : 1
        )
    }

    private func conclude() -> ScriptEnd {
        for index in streams.indices {
            for line in streams[index].finish() { take(line, isErrors: streams[index].isErrors) }
        }
        keeper.finish()
        fsync(outputFile)
        try? FileManager.default.removeItem(atPath: folder.scratch)
        var end = keeper.end
        end.note(child.ending)
        end.stop = ladder.stop
        end.leftBehind = Kin.living(below: getpid())
        end.killed = killed.subtracting([child.process ?? 0]).count
        return end
    }

    // MARK: Listening

    private func listen(atMost limit: Int64?) {
        var descriptors = [stopWatch, child.news.readEnd] + streams.map(\.descriptor)
        // A descriptor below zero is passed over.
        var wanted = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        descriptors = []
        let now = clock()
        let moments = [limit, keeper.tellsAt.map { $0 - now }, Self.burialRhythm]
        let pause = moments.compactMap { $0 }.min() ?? Self.burialRhythm
        _ = poll(&wanted, nfds_t(wanted.count), Int32(max(0, min(pause, 60_000))))
        if wanted[0].revents != 0 {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while Glibc.read(stopWatch, &buffer, buffer.count) > 0 {}
            if folder.has(folder.stop) { isStopAsked = true }
        }
        if wanted[1].revents != 0 { child.news.drain() }
        for index in streams.indices where wanted[2 + index].revents != 0 {
            for line in streams[index].read() { take(line, isErrors: streams[index].isErrors) }
        }
        keeper.tell(at: clock())
    }

    private func take(_ line: String, isErrors: Bool) {
        if isErrors {
            keeper.take(errors: line, at: clock())
        } else {
            keeper.take(output: line, at: clock())
        }
    }
}
