import ArgumentParser
import Foundation
import Model
import Store

/// What everything that holds work back takes.
struct PauseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Why; shown to everybody who waits.", valueName: "text"))
    var reason: String

    @Option(
        help: ArgumentHelp(
            "Ends by itself then: RFC 3339, or a span from now such as 2h.",
            valueName: "time"
        )
    )
    var until: String?

    /// When it ends by itself; nil if never.
    func moment() throws -> Timestamp? {
        guard !reason.trimmingCharacters(in: .whitespaces).isEmpty else {
            throw Complaint(.usage, "--reason must say something: others will ask why")
        }
        let now = WallClock().now()
        guard let moment = try until.map({ try Moment.read($0, now: now) }) else { return nil }
        guard moment > now else {
            throw Complaint(.usage, "--until is \(moment), which has passed")
        }
        return moment
    }
}

/// Carries out an operator's action on something that is no job: a lane, or the engine.
struct SubjectRun {
    private let global: GlobalOptions
    private let desk: RequestDesk

    /// Opens the store; it is not made only to be told what to do.
    init(_ global: GlobalOptions) throws {
        self.global = global
        let site = try global.site()
        _ = try site.openStoreForReading()
        desk = RequestDesk(site: site, store: try site.openStore())
    }

    /// Writes the request down and waits for the engine's answer.
    func run(_ action: OperatorAction, on subject: Subject, reason: String) throws {
        let request = OperatorRequest(action, on: subject, by: desk.site.user, reason: reason)
        let numbers = try desk.write([request])
        for case .failure(let refusal) in numbers { throw refusal }
        guard try desk.isEngineAlive() else {
            return StandardError.say(
                "\(action.word) of \(subject) is recorded; no engine is alive on this store, "
                    + "it takes effect when one comes"
            )
        }
        let outcome = try desk.outcomes(of: numbers).first ?? nil
        let (status, text): (ExitStatus, String) =
            switch outcome {
            case .done(let what): (.done, what)
            case .refused(let why): (.refused, why)
            case .notFound(let what): (.notFound, what)
            case nil:
                (.timeout, "\(action.word) of \(subject) is recorded; no answer came yet")
            default: (.done, "\(action.word) of \(subject) is accepted")
            }
        if global.isJSON {
            let object = JSONValue.object(of: [
                "subject": JSONValue(subject.description), "action": JSONValue(action.word),
                "accepted": .bool(status == .done), "text": JSONValue(text),
            ])
            StandardOutput.line(object.pretty)
        } else if status == .done {
            StandardOutput.line(try global.paper().safe(text))
        } else {
            StandardError.say(text)
        }
        if status != .done { throw Ending(status) }
    }
}
