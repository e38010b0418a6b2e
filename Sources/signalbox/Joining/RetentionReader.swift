import Model
import Yams

/// Reads how long jobs that ended are kept: the configuration's `retention`.
struct RetentionReader {
    /// The file, for complaints.
    let path: String

    private static let keys =
        JobState.allCases.filter(\.isTerminal).map(\.rawValue)
        + ["archive", "maxJobs", "maxArchived"]
    /// A century: no age is longer.
    private static let longest: Int64 = 36_525 * 86_400_000

    /// The rules; what is left out stays as it is usually.
    func read(_ node: Node, _ place: String) throws(Complaint) -> Retention {
        guard let mapping = node.mapping else {
            throw Complaint(
                .usage,
                "\(place): retention must be a mapping such as {completed: 1d, archive: 90d}"
            )
        }
        var retention = Retention.standard
        for (key, value) in mapping {
            let place = "\(path):\(key.mark?.line ?? 0)"
            let name = key.string ?? ""
            switch name {
            case "archive": retention.archiveAge = try age(value, name, place)
            case "maxJobs": retention.maxJobs = try bound(value, name, place)
            case "maxArchived": retention.maxArchived = try bound(value, name, place)
            default:
                guard let state = JobState(rawValue: name), state.isTerminal else {
                    let known = Self.keys.joined(separator: ", ")
                    throw Complaint(
                        .usage,
                        "\(place): there is no “\(name)” in retention; there are \(known)"
                    )
                }
                retention.ages[state] = try age(value, name, place)
            }
        }
        return retention
    }

    private func age(_ node: Node, _ name: String, _ place: String) throws(Complaint) -> Int64? {
        if node.string == "never" { return nil }
        guard let span = node.string.flatMap(Span.milliseconds), span <= Self.longest else {
            throw Complaint(
                .usage,
                "\(place): \(name) is a span such as 12h or 30d, or never"
            )
        }
        return span
    }

    private func bound(_ node: Node, _ name: String, _ place: String) throws(Complaint) -> Int {
        guard let count = node.int, (0...1_000_000_000).contains(count) else {
            throw Complaint(.usage, "\(place): \(name) is a number from 0 to 1000000000")
        }
        return count
    }
}
