import Model
import Store

/// Prints what happens to jobs, a line for each event, until it is interrupted.
///
/// It reads the journal from a place on. So each event comes once and in the order of the commits,
/// whatever becomes of engines meanwhile, and however slowly the lines are taken.
struct EventFollow {
    let site: Site
    let store: SQLiteStore
    let filter: Filter
    let paper: Paper
    let isJSON: Bool

    /// Prints every event behind the journal's line with that number; does not return.
    func run(after start: Int64) throws {
        let ear = try StoreEar(site.storePath, heedsReader: true)
        var place = start
        while true {
            let now = WallClock(on: store).now()
            let events = try store.read { try $0.events(after: place, limit: Self.pageSize) }
            if let first = events.first?.entry.sequence, first > place + 1 {
                let count = first - place - 1
                StandardError.say("\(count) older lines of the journal went with their jobs")
            }
            for event in events where event.fits(filter, at: now) {
                StandardOutput.line(isJSON ? JobJSON.event(event).text : line(event))
            }
            place = events.last?.entry.sequence ?? place
            if events.isEmpty { try ear.wait(milliseconds: -1) } else { StandardOutput.flush() }
        }
    }

    /// Lines read at once: bounds the memory, however long the journal is.
    private static let pageSize = 500

    /// An event as people read it.
    func line(_ event: JobEvent) -> String {
        let entry = event.entry
        let arrow = paper.isASCII ? "->" : "→"
        let to = paper.tinted(entry.to.word, entry.to.tint)
        let move = event.isMove ? "\(entry.from?.word ?? "new") \(arrow) \(to)" : "(\(to))"
        let target = event.job.map { $0.target == .none ? "" : " \($0.target)" } ?? ""
        let what = (event.job?.kind ?? "?") + target
        return "\(entry.at) #\(entry.sequence) \(entry.job) \(paper.safe(what))  \(move)  "
            + paper.safe("\(entry.actor): \(SecretMask.masked(entry.cause))")
    }
}

/// Where in the journal to begin.
enum JournalPlace {
    /// Reads `--since`: the number of a line that was seen, a moment, or a span before now.
    ///
    /// - Returns: the number behind which the lines begin.
    static func read(_ text: String, _ store: SQLiteStore) throws -> Int64 {
        if let number = Int64(text) {
            let end = try store.read { try $0.journalEnd() }
            guard number >= 0, number <= end else {
                throw Complaint(
                    .usage,
                    "--since \(number): the journal of this store has the lines 1 to \(end)"
                )
            }
            return number
        }
        let moment = try moment(text, now: WallClock(on: store).now())
        return try store.read { try $0.journalPlace(before: moment) }
    }

    /// Reads RFC 3339, or a span before now: `10m`.
    static func moment(_ text: String, now: Timestamp) throws(Complaint) -> Timestamp {
        if let moment = Timestamp(rfc3339: text) { return moment }
        guard let span = Span.milliseconds(text) else {
            throw Complaint(
                .usage,
                "--since is the number of a line, a time such as 2026-11-22T15:41:20Z, or a span "
                    + "before now such as 10m, not “\(text)”"
            )
        }
        return now + (-min(span, now.milliseconds))
    }
}
