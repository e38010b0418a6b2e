/// A request to start one task on a hypervisor.
///
/// The caller chooses the id, so that it can ask about the task even when the answer to the
/// request was lost: `begin` with the same id never does the work twice.
package struct TaskCall: Codable, Hashable, Sendable {
    /// The task's name, chosen by the caller and never used for anything else.
    package var id: String
    /// What to do, one of `Verb`'s raw values: `vm.boot`.
    package var verb: String
    /// What it is done to: `vm/web-1`, `host/kvm-a03`, `disk/web-1-root`, `repository/repo-nfs-1`.
    package var subject: String
    /// The host it acts on, if the caller knows.
    package var host: String?
    /// What the verb needs beside the subject; `VerbCatalogue` names the keys.
    package var parameters: [String: String]
    /// The caller's fence: with an older one than the newest seen for a subject it is refused.
    package var fence: Int64

    /// Makes a call.
    package init(
        id: String,
        verb: String,
        subject: String,
        host: String? = nil,
        parameters: [String: String] = [:],
        fence: Int64 = 0
    ) {
        self.id = id
        self.verb = verb
        self.subject = subject
        self.host = host
        self.parameters = parameters
        self.fence = fence
    }

    /// Whether both ask for the same thing, whoever asks.
    ///
    /// The fence does not count: a new owner repeats a call with a newer one.
    package func asksTheSame(as other: TaskCall) -> Bool {
        verb == other.verb && subject == other.subject && host == other.host
            && parameters == other.parameters
    }
}
