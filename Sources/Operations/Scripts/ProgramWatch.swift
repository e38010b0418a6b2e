import Engine
import Foundation
import Glibc

/// Whoever a program is watched for: hears what it says, and knows when it is to end.
protocol ProgramHost: AnyObject {
    /// Becomes readable when ``isStopAsked()`` may have changed.
    var descriptor: Int32 { get }
    /// Whether the program is to end.
    func isStopAsked() -> Bool
    /// Hears a line that the program writes.
    func take(_ line: String, isErrors: Bool)
    /// Within how many milliseconds there is something to do beside.
    func pause(at now: Int64) -> Int64
    /// Does it; called after each wait.
    func work(at now: Int64)
}

/// Stands by a program: starts it, listens to it, and ends it when asked, with all that descends
/// from it.
final class ProgramWatch {
    private let clock: () -> Int64
    private unowned let host: any ProgramHost
    private let child: ScriptChild
    private var streams: [ProgramStream] = []
    private var ladder: KillLadder
    private var killed: Set<pid_t> = []

    /// A watch over a program that has not begun; `clock` gives the milliseconds since some moment.
    ///
    /// - Throws: ``FileTrouble`` if this process cannot stand by it.
    init(
        for host: any ProgramHost,
        grace: Int64,
        timeout: Int64? = nil,
        clock: @escaping () -> Int64
    ) throws {
        (self.host, self.clock) = (host, clock)
        try Offspring.inherit()
        child = try ScriptChild()
        ladder = KillLadder(grace: grace, timeout: timeout, from: clock())
    }

    /// Runs the program to the end of the last of its processes.
    ///
    /// - Returns: how it ended, without what it said.
    func run(_ order: ScriptOrder, scratch: String) throws -> ScriptEnd {
        let pipes = try child.start(order, scratch: scratch)
        streams = ProgramStream.both(pipes, order.limits)
        while true {
            // Until it has begun to be the program, what is sent to it goes nowhere.
            guard child.process != nil || child.ending != nil else {
                listen(atMost: nil)
                continue
            }
            switch ladder.decide(facts()) {
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
            isStopAsked: host.isStopAsked(),
            hasEnded: hasEnded,
            living: counts ? Kin.living(below: getpid()).count : 1
        )
    }

    private func conclude() -> ScriptEnd {
        for index in streams.indices { hear(streams[index].finish(), index) }
        var end = ScriptEnd()
        switch child.ending {
        case .exited(let status): end.status = status
        case .signaled(let signal): end.signal = signal
        case .notStarted(let text): end.problem = text
        case nil: end.problem = "it could not be killed"
        }
        end.stop = ladder.stop
        end.leftBehind = Kin.living(below: getpid())
        end.killed = killed.subtracting([child.process ?? 0]).count
        return end
    }

    private func listen(atMost limit: Int64?) {
        // A descriptor below zero is passed over.
        let descriptors = [child.news.readEnd, host.descriptor] + streams.map(\.descriptor)
        var wanted = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let pause = min(limit ?? .max, host.pause(at: clock()))
        _ = poll(&wanted, nfds_t(wanted.count), Int32(max(0, min(pause, 60_000))))
        if wanted[0].revents != 0 { child.news.drain() }
        for index in streams.indices where wanted[2 + index].revents != 0 {
            hear(streams[index].read(), index)
        }
        host.work(at: clock())
    }

    private func hear(_ lines: [String], _ index: Int) {
        for line in lines { host.take(line, isErrors: streams[index].isErrors) }
    }
}
