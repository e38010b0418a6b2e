import Model
import Store

/// Shows which jobs an action is asked for, and what became of it.
struct BulkPrinter {
    private let run: BulkRun
    private let choice: BulkChoice
    private var word: String { choice.action.word }

    /// How many jobs, and how many refusals, are named one by one.
    private static let shown = 20

    init(_ run: BulkRun, _ choice: BulkChoice) {
        self.run = run
        self.choice = choice
    }

    /// Shows what would be done.
    func preview(onError: Bool = false) throws {
        if run.global.isJSON && !onError {
            return StandardOutput.line(
                JSONValue.object(of: [
                    "action": JSONValue(word), "filter": JSONValue(run.options.filter),
                    "jobs": .array(choice.jobs.map { JSONValue($0.id) }),
                    "skipped": .array(skipped(choice.skipped)),
                    "remaining": JSONValue(choice.beyond),
                ]).pretty
            )
        }
        let paper = try run.global.paper()
        var lines = ["\(word) of \(JobCount.text(choice.jobs.count))" + (isCut ? cut : "")]
        if !choice.skipped.isEmpty {
            lines.append("left out are \(choice.skipped.count): \(choice.skippedText)")
        }
        let now = WallClock(on: run.desk.store).now()
        let rows = choice.jobs.prefix(Self.shown).map { JobRow(job: $0) }
        if onError {
            lines.forEach(StandardError.say)
            for row in rows {
                let job = row.job
                StandardError.say("\(job.id) \(job.kind) \(job.target), \(job.state.word)")
            }
        } else {
            lines.forEach { StandardOutput.line(paper.safe($0)) }
            if !rows.isEmpty { JobTable(paper: paper, now: now).table(rows).print(on: paper) }
        }
        let rest = choice.jobs.count - rows.count
        if rest > 0 { StandardError.say("and \(rest) more of them; --json names all") }
    }

    /// Says what became of it.
    ///
    /// - Throws: the ending, if some were refused or not answered.
    func report(_ result: BulkResult) throws {
        let left = choice.skipped + result.skipped
        if run.global.isJSON {
            StandardOutput.line(object(result, left).pretty)
        } else {
            let made = result.accepted.compactMap(\.made)
            for job in made { StandardOutput.line("\(job.number)") }
            for (job, why) in result.refused.prefix(Self.shown) {
                StandardError.say("\(job): \(why)")
            }
            let more = result.refused.count - Self.shown
            if more > 0 { StandardError.say("and \(more) more were refused; --json names all") }
            let line =
                "\(word): accepted \(result.accepted.count), left out \(left.count)"
                + ", refused \(result.refused.count)"
            if made.isEmpty { StandardOutput.line(line) } else { StandardError.say(line) }
            if result.accepted.isEmpty && !left.isEmpty {
                StandardError.say("left out are \(left.count): \(choice.skippedText)")
            }
        }
        if !result.unanswered.isEmpty {
            StandardError.say(
                "\(result.unanswered.count) are recorded and not answered yet, \(result.unasked) "
                    + "were not asked for; ask again for the rest"
            )
        }
        if isCut { StandardError.say("this was\(cut); ask again for the rest") }
        if result.status != .done { throw Ending(result.status) }
    }

    private var isCut: Bool { choice.beyond > 0 }

    private var cut: String {
        let count =
            choice.beyond >= BulkRun.counted ? "at least \(choice.beyond)" : "\(choice.beyond)"
        return " the first \(choice.jobs.count); \(count) more are beyond --at-most \(choice.most)"
    }

    private func object(_ result: BulkResult, _ left: [BulkChoice.Skipped]) -> JSONValue {
        .object(of: [
            "action": JSONValue(word), "filter": JSONValue(run.options.filter),
            "accepted": .array(
                result.accepted.map {
                    .object(of: ["job": JSONValue($0.job), "made": JSONValue($0.made)])
                }
            ),
            "skipped": .array(skipped(left)),
            "refused": .array(
                result.refused.map {
                    .object(of: ["job": JSONValue($0.job), "text": JSONValue($0.why)])
                }
            ),
            "unanswered": .array(result.unanswered.map { JSONValue($0) }),
            "remaining": JSONValue(choice.beyond + result.unasked),
        ])
    }

    private func skipped(_ list: [BulkChoice.Skipped]) -> [JSONValue] {
        list.map { .object(of: ["job": JSONValue($0.job.id), "text": JSONValue($0.why)]) }
    }
}
