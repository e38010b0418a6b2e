import Engine
import Foundation
import Glibc
package import Model

/// A program that this process runs and reports on: to its job it is a program outside.
///
/// What it says is read as a script's is, its whole offspring is ended when the job is to be
/// stopped, and nothing of it is left when it is over.
package final class ExternalRun {
    /// What is run, and how it is reported on.
    package struct Order: Sendable {
        /// The program's path.
        package var program: String
        /// Its arguments.
        package var arguments: [String]
        /// Its whole environment.
        package var environment: [String: String]
        /// Where it works.
        package var directory: String
        /// Milliseconds between being asked to end and being killed.
        package var grace: Int64 = 10_000
        /// Milliseconds after which a program that says nothing is reported to be alive.
        package var rhythm: Int64

        /// An order with what is usual for the rest.
        package init(
            program: String,
            arguments: [String],
            environment: [String: String],
            directory: String,
            rhythm: Int64
        ) {
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.directory = directory
            self.rhythm = rhythm
        }
    }

    /// Whoever runs it.
    package protocol Host: AnyObject {
        /// Becomes readable when ``isStopAsked()`` may have changed.
        var descriptor: Int32 { get }
        /// Whether the program is to end.
        func isStopAsked() -> Bool
        /// Hands on what it says; what could not be handed on is given back.
        func report(_ report: ExternalReport) -> Bool
        /// Hears each line that the program writes.
        func hear(_ line: String, isErrors: Bool)
    }

    private let order: Order
    private let clock: () -> Int64
    private unowned let host: any Host
    private let child: ScriptChild
    private let heard: Heard
    private var keeper: OutputKeeper
    private var streams: [ProgramStream] = []
    private var ladder: KillLadder
    private var killed: Set<pid_t> = []
    private var reportedAt: Int64

    /// What was heard and not reported yet.
    private final class Heard {
        var report = ExternalReport()
        var isEmpty = true
    }

    /// Milliseconds within which a stop is noticed.
    package static let glance: Int64 = 250
    /// Milliseconds between two reports while the program speaks.
    private static let pause: Int64 = 500
    /// Milliseconds after which a report that was not taken is tried again.
    private static let retryPause: Int64 = 2000

    /// A run that has not begun; `clock` gives the milliseconds since some moment.
    ///
    /// - Throws: ``FileTrouble`` if this process cannot stand by it.
    package init(_ order: Order, host: any Host, clock: @escaping () -> Int64) throws {
        (self.order, self.host, self.clock) = (order, host, clock)
        try Offspring.inherit()
        child = try ScriptChild()
        ladder = KillLadder(grace: order.grace, timeout: nil, from: clock())
        reportedAt = clock()
        let heard = Heard()
        self.heard = heard
        keeper = OutputKeeper(ScriptLimits()) { line in
            heard.isEmpty = false
            switch line {
            case .log(let line): heard.report.lines.append(line)
            case .progress(let percent, let text):
                heard.report.progress = percent
                let word = String(text.unicodeScalars.prefix(PlanCheck.text / 4))
                heard.report.message = word.isEmpty ? nil : word
            case .result(let name, let value): heard.report.results[name] = value
            }
        }
    }

    /// Runs the program to the end of the last of its processes.
    ///
    /// - Returns: how its job is to end by it.
    package func run() throws -> ExternalEnd {
        let pipes = try child.start(scriptOrder, scratch: order.directory)
        streams = ProgramStream.both(pipes, ScriptLimits())
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

    private var scriptOrder: ScriptOrder {
        var script = ScriptOrder(
            operation: "",
            subject: "",
            fence: 0,
            program: order.program,
            grace: order.grace,
            warningStatus: 0,
            limits: ScriptLimits()
        )
        script.arguments = order.arguments
        script.environment = order.environment
        script.directory = order.directory
        return script
    }

    private func facts() -> KillLadder.Facts {
        let hasEnded = child.ending != nil
        Offspring.bury(but: child)
        return KillLadder.Facts(
            now: clock(),
            isStopAsked: host.isStopAsked(),
            hasEnded: hasEnded,
            living: ladder.needsCount(hasEnded) ? Kin.living(below: getpid()).count : 1
        )
    }

    private func conclude() -> ExternalEnd {
        for index in streams.indices {
            for line in streams[index].finish() { take(line, isErrors: streams[index].isErrors) }
        }
        keeper.finish()
        tell(at: .max)
        var end = keeper.end
        end.note(child.ending)
        end.stop = ladder.stop
        end.leftBehind = Kin.living(below: getpid())
        end.killed = killed.subtracting([child.process ?? 0]).count
        return ExternalEnd(end)
    }

    // MARK: Listening

    private func listen(atMost limit: Int64?) {
        let own = [child.news.readEnd] + streams.map(\.descriptor)
        var wanted = (own + [host.descriptor]).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        let now = clock()
        let reportsAt = reportedAt + (heard.isEmpty ? order.rhythm : Self.pause)
        let moments = [limit, Self.glance, keeper.tellsAt.map { $0 - now }, reportsAt - now]
        let pause = moments.compactMap { $0 }.min() ?? Self.glance
        _ = poll(&wanted, nfds_t(wanted.count), Int32(max(0, pause)))
        if wanted[0].revents != 0 { child.news.drain() }
        for index in streams.indices where wanted[1 + index].revents != 0 {
            for line in streams[index].read() { take(line, isErrors: streams[index].isErrors) }
        }
        keeper.tell(at: clock())
        tell(at: clock())
    }

    private func take(_ line: String, isErrors: Bool) {
        host.hear(line, isErrors: isErrors)
        if isErrors {
            keeper.take(errors: line, at: clock())
        } else {
            keeper.take(output: line, at: clock())
        }
    }

    /// Reports what was heard, or that the program is alive, when it is time.
    private func tell(at now: Int64) {
        let isFull = heard.report.lines.count >= External.lines
        let pause = heard.isEmpty ? order.rhythm : Self.pause
        guard isFull || now == .max || now - pause >= reportedAt else { return }
        reportedAt = clock()
        var rest = heard.report.lines[...]
        var part = heard.report
        repeat {
            part.lines = Array(rest.prefix(External.lines))
            guard host.report(part) else {
                // Tried again a little later; what was said already is not said twice.
                reportedAt += Self.retryPause - Self.pause
                heard.report.lines = Array(rest)
                return
            }
            rest = rest.dropFirst(External.lines)
            part = ExternalReport()
        } while !rest.isEmpty
        (heard.report, heard.isEmpty) = (ExternalReport(), true)
    }
}

extension ExternalEnd {
    /// The end of a job whose program ended so.
    fileprivate init(_ end: ScriptEnd) {
        switch end.event(warningStatus: 0) {
        case .doneWithWarning(let warning, _): self.init(.warning, warning)
        case .failed(let failure): self.init(.failed, failure.text, number: failure.code.number)
        case .interrupted: self.init(.aborted, end.lastComplaint ?? "its program was ended")
        default: self.init(.completed)
        }
        if let remark = end.remark { text += text.isEmpty ? remark : "; " + remark }
        // An end that is refused for its length would leave the job without one.
        text = String(text.unicodeScalars.prefix(PlanCheck.text / 4))
    }
}
