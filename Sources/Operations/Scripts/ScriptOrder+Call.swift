import Engine
import Foundation
import Model

extension ScriptOrder {
    /// What a guard is told of an operation, if the configuration still allows it.
    ///
    /// - Throws: a failure that says what is wrong.
    init(_ call: OperationCall, _ catalog: ScriptCatalog, _ folder: RunFolder) throws(Failure) {
        let given = call.operation.parameters
        let program = try catalog.program(given["program", default: ""])
        let words = given["arguments"].map { Data($0.utf8) }
        self.init(
            operation: call.name,
            subject: call.operation.subject,
            fence: call.fence,
            program: program.path,
            grace: given["grace"].flatMap { Int64($0) } ?? program.grace,
            timeout: given["timeout"].flatMap { Int64($0) } ?? program.timeout,
            warningStatus: program.warningStatus,
            limits: program.limits
        )
        arguments = words.flatMap { try? JSONDecoder().decode([String].self, from: $0) } ?? []
        directory = given["directory"] ?? program.directory
        environment = Self.surroundings(call, folder)
        for (name, value) in given {
            if name.hasPrefix("env.") { environment[String(name.dropFirst(4))] = value }
            guard name.hasPrefix("secret.") || SecretMask.isSecret(name: name) else { continue }
            secrets.append(value)
            if name.hasPrefix("secret.") { environment[String(name.dropFirst(7))] = value }
        }
        secrets.sort()
    }

    /// What every program finds in its environment; nothing of the engine's own gets in.
    static func usual(_ folder: RunFolder) -> [String: String] {
        [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "LANG": "C.UTF-8",
            "HOME": folder.scratch,
            "TMPDIR": folder.scratch,
            "SIGNALBOX_RUN": folder.path,
        ]
    }

    /// What the program of a job finds there beside.
    private static func surroundings(
        _ call: OperationCall,
        _ folder: RunFolder
    ) -> [String: String] {
        let given = call.operation.parameters
        var found = usual(folder)
        found["SIGNALBOX_OPERATION"] = call.name
        found["SIGNALBOX_PROGRAM"] = given["program"]
        found["SIGNALBOX_USER"] = given["user"]
        if let name = OperationName(call.name) {
            found["SIGNALBOX_JOB"] = String(name.job.number)
            found["SIGNALBOX_ATTEMPT"] = String(name.attempt)
            found["SIGNALBOX_UNDO"] = name.isUndo ? "1" : nil
        }
        if let target = given["target"].map({ Target($0) }) {
            found["SIGNALBOX_TARGET"] = target.description
            found["SIGNALBOX_TARGET_TYPE"] = target.type
            found["SIGNALBOX_TARGET_NAME"] = target.name
        }
        var results: [String: String] = [:]
        for (name, value) in given where name.hasPrefix("result.") {
            let plain = String(name.dropFirst(7))
            results[plain] = value
            found["SIGNALBOX_RESULT_" + variable(plain)] = value
        }
        if !results.isEmpty {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            found["SIGNALBOX_RESULTS"] = (try? encoder.encode(results)).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return found
    }

    private static func variable(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}

extension ScriptEnd {
    /// The same end with what the program said.
    func saying(_ said: ScriptEnd) -> ScriptEnd {
        var end = self
        (end.results, end.warning) = (said.results, said.warning)
        end.lastComplaint = said.lastComplaint
        return end
    }

    /// The milliseconds-free words for what became of a run, as news of its operation.
    func event(warningStatus: Int32) -> BackendNews.Event {
        if stop == .asked { return .interrupted }
        if stop == .timeout {
            return .failed(failure(124, "Timeout", "it ran for too long and was stopped"))
        }
        if let problem {
            return .failed(failure(127, "NotStarted", "it could not be started: \(problem)"))
        }
        if let signal {
            let name = SignalName.of(signal)
            return .failed(failure(128 + Int(signal), name, "it was killed by \(name)"))
        }
        return ended(with: status ?? 0, warningStatus)
    }

    private func ended(with status: Int32, _ warningStatus: Int32) -> BackendNews.Event {
        if status == warningStatus && status != 0 {
            let text = warning ?? lastComplaint ?? "it ended with \(status), which is a warning"
            return .doneWithWarning(text, results: results)
        }
        if status == 0 {
            if let warning { return .doneWithWarning(warning, results: results) }
            return .done(results)
        }
        let isTransient = status == Self.tryAgainStatus
        return .failed(
            failure(
                Int(status),
                isTransient ? "TryAgain" : "ExitStatus",
                "it ended with status \(status)",
                isTransient ? .transient : .permanent
            )
        )
    }

    /// The exit status that means: not now, but perhaps later.
    static let tryAgainStatus: Int32 = 75

    private func failure(
        _ number: Int,
        _ name: String,
        _ text: String,
        _ kind: FailureClass = .permanent
    ) -> Failure {
        let detail = lastComplaint.map { ": \($0)" } ?? ""
        return Failure(
            ResultCode(domain: "script", number: number, name: name),
            text + detail,
            kind: kind
        )
    }

    /// What the guard had to do beyond the program, in words; nil if nothing.
    var remark: String? {
        if !leftBehind.isEmpty {
            let list = leftBehind.map(String.init).joined(separator: ", ")
            return "processes that could not be killed are left: \(list)"
        }
        return killed > 0 ? "\(killed) processes that it left behind were killed" : nil
    }
}

/// The names of signals.
enum SignalName {
    private static let names: [Int32: String] = [
        SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL",
        SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE",
        SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1", SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2",
        SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU",
        SIGXFSZ: "SIGXFSZ", SIGSYS: "SIGSYS",
    ]

    /// The name of a signal.
    static func of(_ signal: Int32) -> String { names[signal] ?? "signal \(signal)" }
}
