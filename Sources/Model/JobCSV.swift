/// Jobs as lines of comma-separated values, after RFC 4180.
///
/// Texts that a spreadsheet would take for a formula get an apostrophe before them, and secrets in
/// them are masked.
package enum JobCSV {
    /// The names of the columns, as a line with its end.
    package static let heading = line(columns.map(\.name))

    /// One job, as a line with its end.
    package static func line(_ job: Job, profile: Vocabulary.Profile = .csStrict) -> String {
        let words = Vocabulary(of: job, profile: profile)
        return line(columns.map { $0.value(job, words) })
    }

    private typealias Column = (name: String, value: @Sendable (Job, Vocabulary) -> String)

    private static let columns: [Column] = identity + course + times + words

    private static let identity: [Column] = [
        ("id", { job, _ in "\(job.id.number)" }),
        ("uuid", { job, _ in job.uuid }),
        ("parentId", { job, _ in job.parentID.map { "\($0.number)" } ?? "" }),
        ("rootId", { job, _ in "\(job.rootID.number)" }),
        ("kind", { job, _ in text(job.kind) }),
        ("target", { job, _ in text(job.target.description) }),
        ("user", { job, _ in text(job.user) }),
        ("account", { job, _ in text(job.account) }),
        ("priority", { job, _ in "\(job.priority)" }),
        ("attempt", { job, _ in "\(job.attempt)" }),
        ("retryOf", { job, _ in job.retryOf.map { "\($0.number)" } ?? "" }),
    ]

    private static let course: [Column] = [
        ("state", { job, _ in job.state.rawValue }),
        ("progress", { job, _ in "\(job.progress)" }),
        ("cause", { job, _ in job.cause.rawValue }),
        ("rollback", { job, _ in job.rollback.rawValue }),
        ("backend", { job, _ in job.backend.rawValue }),
        ("lane", { job, _ in text(job.lane) }),
        ("codeDomain", { job, _ in text(job.code?.domain ?? "") }),
        ("codeNumber", { job, _ in job.code.map { "\($0.number)" } ?? "" }),
        ("codeName", { job, _ in text(job.code?.name ?? "") }),
        ("message", { job, _ in text(job.message) }),
        ("result", { job, _ in text(job.result ?? "") }),
        ("stoppedBy", { job, _ in text(job.stop?.by ?? "") }),
        ("stopReason", { job, _ in text(job.stop?.reason ?? "") }),
        ("pinnedBy", { job, _ in text(job.pin?.by ?? "") }),
    ]

    private static let times: [Column] = [
        ("createdAt", { job, _ in job.createdAt.description }),
        ("dueAt", { job, _ in job.dueAt?.description ?? "" }),
        ("startedAt", { job, _ in job.startedAt?.description ?? "" }),
        ("finishedAt", { job, _ in job.finishedAt?.description ?? "" }),
        ("archivedAt", { job, _ in job.archivedAt?.description ?? "" }),
    ]

    private static let words: [Column] = [
        ("cloudstackStatus", { _, words in "\(words.cloudstack.status)" }),
        ("cloudstackName", { _, words in words.cloudstack.name }),
        ("cloudstackResultCode", { _, words in "\(words.cloudstack.resultCode)" }),
        ("cloudbolt", { _, words in words.cloudbolt }),
        ("oracleState", { _, words in words.oracle.state }),
        ("oracleRunState", { _, words in words.oracle.runState }),
        ("ovirtTask", { _, words in words.ovirt.taskState }),
        ("ovirtCommand", { _, words in words.ovirt.commandStatus }),
        ("ovirtJob", { _, words in words.ovirt.jobStatus }),
        ("vdsmState", { _, words in words.ovirt.vdsmState }),
        ("vdsmStatus", { _, words in words.ovirt.vdsmStatus }),
        ("vdsmResult", { _, words in words.ovirt.vdsmResult }),
    ]

    /// Text from outside, made harmless to whatever opens the file.
    private static func text(_ text: String) -> String {
        let masked = SecretMask.masked(text)
        guard let first = masked.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first)
        else { return masked }
        return "'" + masked
    }

    private static func line(_ fields: [String]) -> String {
        fields.map(quoted).joined(separator: ",") + "\r\n"
    }

    private static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return field
        }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
