import Foundation
import Testing

extension EndToEnd {
    /// Runs as another user of this machine, which takes root.
    @Suite("Users and rights", .enabled(if: Tool.canChangeUser))
    struct Rights {
        private let box: Sandbox

        /// The user without rights that every machine has.
        private static let nobody = getpwnam("nobody")?.pointee.pw_uid ?? 65_534

        init() throws {
            box = try Sandbox()
            try box.stage()
            try box.done("submit", "noop", "--account", "dev")
            let files = FileManager.default
            try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: box.folder)
            for name in try files.contentsOfDirectory(atPath: box.folder)
            where name.hasPrefix("s.sqlite") {
                let path = box.folder + "/" + name
                try files.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path)
            }
        }

        private func asNobody(_ arguments: String...) throws -> Outcome {
            let setpriv = try #require(Tool.find("setpriv"))
            let user = ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups"]
            return try box.startTool(setpriv, user + [Program.path] + arguments).wait()
        }

        private func give(_ roles: String) throws {
            let path = try box.write("roles: \(roles)\n", to: "admin.yaml")
            let outcome = try box.done("rights", "--config", path, "--json").output
            #expect(outcome.contains(#""role": "admin""#))
        }

        @Test("A viewer cannot abort; the forbidden action gives a reason, and is in the audit")
        func viewer() throws {
            try give("{nobody: viewer, root: admin}")
            let engine = try box.serve()
            for action in [["job", "abort", "1"], ["job", "retry", "1"], ["submit", "noop"]] {
                let setpriv = try #require(Tool.find("setpriv"))
                let user = ["--reuid=\(Self.nobody)", "--regid=\(Self.nobody)", "--clear-groups"]
                let outcome = try box.startTool(setpriv, user + [Program.path] + action).wait()
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("takes the role operator"), "\(outcome)")
                #expect(outcome.errors.contains("given to root"), "\(outcome)")
            }

            #expect(try asNobody("jobs").code == 0)
            #expect(try box.jobs().count == 1)
            let audit = try box.done("audit", "--user", "nobody").output
            for action in ["abort", "retry", "submit noop"] { #expect(audit.contains(action)) }
            #expect(audit.contains("refused"))
            #expect(engine.isAlive)
            let serving = try asNobody("serve")
            #expect(serving.code == 3, "\(serving)")
        }

        @Test("Roles of a configuration of one's own give nothing")
        func ownConfiguration() throws {
            try give("{nobody: viewer}")
            let own = try box.write("roles: {nobody: admin}\n", to: "own.yaml")
            #expect(try asNobody("submit", "noop", "--config", own).code == 3)
            let rights = try asNobody("rights", "--config", own).output
            #expect(rights.contains("nobody is viewer"), "\(rights)")
        }

        @Test("An operator of one account acts on its jobs only; without roles, on all")
        func account() throws {
            #expect(try asNobody("submit", "noop", "--account", "prod").code == 0)
            try give("{nobody: {role: operator, accounts: [dev]}}")
            #expect(try asNobody("job", "cancel", "1").code == 0)
            let other = try asNobody("job", "cancel", "2")
            #expect(other.code == 3 && other.errors.contains("the account “prod”"), "\(other)")
            #expect(try asNobody("submit", "noop", "--account", "dev").code == 0)
            #expect(try asNobody("submit", "noop", "--account", "prod").code == 3)
            #expect(try box.jobs("user:nobody").count == 2)
        }

        @Test("Who calls sudo is named, with root's rights; nobody else is believed")
        func sudo() throws {
            try give("{nobody: viewer}")
            box.environment["SUDO_UID"] = "\(Self.nobody)"
            #expect(try box.done("rights").output.hasPrefix("nobody is admin: root"))
            try box.done("submit", "noop")
            #expect(try box.jobs("user:nobody").count == 1)
            box.environment["SUDO_UID"] = "0"
            #expect(try asNobody("submit", "noop").code == 3)
        }

        @Test("What needs approval waits for somebody else, whoever submitted it")
        func approves() throws {
            try give("{nobody: operator}")
            let engine = try box.serve()
            #expect(try asNobody("submit", "noop", "--approve").code == 0)
            let why = try box.done("job", "why", "2").output
            #expect(why.contains("approval by somebody other than nobody"), "\(why)")
            #expect(why.contains("signalbox job approve 2"), "\(why)")
            #expect(try box.jobs("waiting:approval").map(\.id) == [2])
            let own = try asNobody("job", "approve", "2")
            #expect(own.code == 3 && own.errors.contains("somebody else"), "\(own)")
            try box.done("job", "approve", "2", "--reason", "looked at")
            try box.wait(2, ["completed"])

            #expect(try asNobody("submit", "noop", "--approve").code == 0)
            #expect(try box.run("job", "reject", "3").code == 64)
            try box.done("job", "reject", "3", "--reason", "not tonight")
            #expect(try box.job(3).stop?.reason == "rejected: not tonight")
            let audit = try box.done("audit").output
            #expect(audit.contains("approve") && audit.contains("looked at"), "\(audit)")
            #expect(engine.isAlive)
        }

        @Test("The audit has who, when, what, why, before and after, and shows that it was forged")
        func audit() throws {
            let engine = try box.serve()
            try box.wait(1, ["completed"])
            try box.done("job", "retry", "1", "--reason", "once more")
            #expect(try box.run("job", "abort", "1", "--reason", "too late").code == 3)
            let text = try box.done("audit", "--json", "--job", "1").output
            struct Line: Decodable {
                let user, action, subject, reason, before, after, outcome: String
                let origin: String?
            }
            let lines = try JSONDecoder().decode([Line].self, from: Data(text.utf8))
            #expect(lines.map(\.action) == ["retry", "abort"])
            #expect(lines.map(\.reason) == ["once more", "too late"])
            #expect(lines.allSatisfy { $0.before == "completed" && $0.subject == "job-1" })
            #expect(lines.last?.outcome.hasPrefix("refused") == true)
            #expect(lines.first?.origin?.contains("no terminal") == true)
            let verified = try box.done("audit", "--verify").output
            #expect(verified.hasPrefix("2 lines, as they were written"))
            #expect(engine.isAlive)
            engine.cut()

            let head = verified.split(separator: "\n").last.map(String.init) ?? ""
            try box.done("audit", "--verify", "--expect", head)
            guard let sqlite = Tool.sqlite3 else { return }
            let forge = "DROP TRIGGER audit_is_not_changed; UPDATE audit SET user = 'x';"
            _ = try box.startTool(sqlite, [box.store, forge]).wait()
            let outcome = try box.run("audit", "--verify")
            #expect(outcome.code == 1 && outcome.errors.contains("line 1 is not as it was"))
        }

        @Test(
            "roles that make no sense are refused with what would be right",
            arguments: [
                ("[alice]", "roles must be a mapping"), ("{alice: boss}", "no role “boss”"),
                ("{alice: {role: admin, account: [a]}}", "role and accounts only"),
                ("{alice: {role: operator, accounts: dev}}", "must be a list"),
                ("{alice: [admin]}", "the role of alice"),
            ]
        )
        func badRoles(_ roles: String, _ reason: String) throws {
            let path = try box.write("account: a\nroles: \(roles)\n", to: "bad.yaml")
            let outcome = try box.run("rights", "--config", path)
            #expect(outcome.code == 64 && outcome.errors.contains(reason), "\(outcome)")
            #expect(outcome.errors.contains("bad.yaml:2"), "\(outcome)")
        }
    }
}
