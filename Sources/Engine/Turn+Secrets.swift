import Model
import Store

/// Putting stand-ins in the place of secret parameters.
enum Sealing {
    /// The submission with stand-ins, and the secrets that were taken out of it.
    ///
    /// Secret is what is named here, whatever has a name that tells it, and of any other value what
    /// looks like a secret in it: the password in an address, a token, what follows `--password`.
    static func seal(
        _ submission: Submission,
        _ names: Set<String>
    ) -> (submission: Submission, secrets: [String: String]) {
        var sealed = submission
        var secrets: [String: String] = [:]
        for (name, value) in submission.parameters where !value.isEmpty {
            if names.contains(name) || SecretMask.isSecret(name: name) {
                guard value != SecretMask.mark(of: name) else { continue }
                secrets[name] = value
                sealed.parameters[name] = SecretMask.mark(of: name)
            } else {
                let (text, found) = SecretMask.taken(outOf: value, of: name)
                guard !found.isEmpty else { continue }
                secrets.merge(found) { first, _ in first }
                sealed.parameters[name] = text
            }
        }
        return (sealed, secrets)
    }

    /// Why a job cannot be tried again: what it would need is gone.
    static func refusalOfRetry(_ old: Entry) -> RequestOutcome? {
        let gone = old.stored.extra.parameters.filter { SecretMask.hasMark($0.value) }.keys.sorted()
        guard !gone.isEmpty else { return nil }
        return .refused(
            "the secrets of \(old.id) (\(gone.joined(separator: ", "))) were removed when it "
                + "ended; submit it anew"
        )
    }
}

/// Secret parameters: they are in the vault while their tree has not ended, and nowhere else but in
/// the calls to the backend.
extension Turn {
    /// Replaces the stand-ins in calls to the backend by what they stand for.
    func openSecrets() throws {
        for place in calls.indices {
            guard case .begin(var call) = calls[place],
                call.operation.parameters.values.contains(where: SecretMask.hasMark),
                let job = OperationName(call.name)?.job
            else { continue }
            let secrets = try secrets(of: job)
            for (name, value) in call.operation.parameters where SecretMask.hasMark(value) {
                call.operation.parameters[name] = secrets.reduce(value) { text, secret in
                    text.replacing(SecretMask.mark(of: secret.key), with: secret.value)
                }
            }
            calls[place] = .begin(call)
            if call.operation.parameters.values.contains(where: SecretMask.hasMark) {
                let text = "its secret parameters are not in this store; submit it anew"
                refusals.append(BackendNews(operation: call.name, .refused(.validation(text))))
            }
        }
        guard !refusals.isEmpty else { return }
        let names = Set(refusals.map(\.operation))
        calls.removeAll { call in
            guard case .begin(let operation) = call else { return false }
            return names.contains(operation.name)
        }
    }

    /// What the backend says, without the secrets that it was told.
    func withoutSecrets(_ news: BackendNews) throws -> BackendNews {
        guard news.event.hasText, let job = OperationName(news.operation)?.job else { return news }
        let values = try secrets(of: job).values.filter { $0.count > 3 }
        guard !values.isEmpty else { return news }
        func clean(_ text: String) -> String {
            values.reduce(text) { $0.replacing($1, with: SecretMask.mask) }
        }
        func clean(_ failure: Failure) -> Failure {
            Failure(failure.code, clean(failure.text), kind: failure.kind)
        }
        var cleaned = news
        switch news.event {
        case .refused(let failure): cleaned.event = .refused(clean(failure))
        case .failed(let failure): cleaned.event = .failed(clean(failure))
        case .progress(let done, let text): cleaned.event = .progress(done, clean(text))
        case .done(let results): cleaned.event = .done(results.mapValues { clean($0) })
        case .doneWithWarning(let text, let results):
            cleaned.event = .doneWithWarning(
                clean(text),
                results: results.mapValues { clean($0) }
            )
        case .said(let lines, let results):
            cleaned.event = .said(
                lines.map { LogText($0.level, clean($0.text)) },
                results: results.mapValues { clean($0) }
            )
        case .notInterruptible(let why): cleaned.event = .notInterruptible(clean(why))
        case .accepted, .interrupted, .unknown, .unreachable: break
        }
        return cleaned
    }

    /// Has the secrets of a tree removed when its root has ended.
    func forgetSecrets(of entry: Entry) {
        guard entry.job.parentID == nil, entry.holdsSecrets else { return }
        tx.forgetSecrets(of: entry.job.uuid)
    }

    /// The secrets that a job's root was submitted with, by name; none if it has none.
    private func secrets(of job: JobID) throws -> [String: String] {
        guard let own = try entry(job) else { return [:] }
        guard let root = own.job.parentID == nil ? own : try entry(own.job.rootID),
            root.holdsSecrets
        else { return [:] }
        return try tx.secrets(of: root.job.uuid)
    }
}

extension Entry {
    /// Whether some of its parameters are stand-ins for secrets.
    var holdsSecrets: Bool { stored.extra.parameters.values.contains(where: SecretMask.hasMark) }
}

extension BackendNews.Event {
    /// Whether there is anything in it in which a secret could stand; nearly all news have none.
    fileprivate var hasText: Bool {
        switch self {
        case .accepted, .interrupted, .unknown, .unreachable: false
        case .progress(_, let text): !text.isEmpty
        case .done(let results): !results.isEmpty
        default: true
        }
    }
}
