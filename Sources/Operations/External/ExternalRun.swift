import Engine
import Foundation
import Glibc
package import Model

/// A program that this process runs and reports on: to its job it is a program outside.
///
/// What it says is read as a script's is, its whole offspring is ended when the job is to be
/// stopped, and nothing of it is left when it is over.
package final class ExternalRun: ProgramHost {
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

    let descriptor: Int32
    private let order: Order
    private let clock: () -> Int64
    private unowned let host: any Host
    private let heard: Heard
    private var keeper: OutputKeeper
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
    package init(_ order: Order, host: any Host, clock: @escaping () -> Int64) {
        (self.order, self.host, self.clock) = (order, host, clock)
        descriptor = host.descriptor
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
    /// - Throws: ``FileTrouble`` if this process cannot stand by it.
    package func run() throws -> ExternalEnd {
        let watch = try ProgramWatch(for: self, grace: order.grace, clock: clock)
        let end = try watch.run(scriptOrder, scratch: order.directory)
        keeper.finish()
        tell(at: .max)
        return ExternalEnd(end.saying(keeper.end))
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

    func isStopAsked() -> Bool { host.isStopAsked() }

    func take(_ line: String, isErrors: Bool) {
        host.hear(line, isErrors: isErrors)
        keeper.take(line, isErrors: isErrors, at: clock())
    }

    func pause(at now: Int64) -> Int64 {
        let reportsAt = reportedAt + (heard.isEmpty ? order.rhythm : Self.pause)
        let moments = [Self.glance, keeper.tellsAt.map { $0 - now }, reportsAt - now]
        return moments.compactMap { $0 }.min() ?? Self.glance
    }

    func work(at now: Int64) {
        keeper.tell(at: now)
        tell(at: now)
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
