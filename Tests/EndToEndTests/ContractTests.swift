import Testing

extension EndToEnd {
    @Suite("The command line")
    struct Contract {
        private let box: Sandbox

        init() throws { box = try Sandbox() }

        static let commands: [[String]] = [
            [], ["console"], ["demo"], ["serve"], ["submit"], ["jobs"], ["job"], ["job", "show"],
            ["job", "tree"], ["job", "log"], ["job", "events"], ["job", "why"], ["job", "wait"],
            ["job", "cancel"], ["job", "abort"], ["job", "abandon"], ["job", "retry"],
            ["job", "resolve"], ["vm"], ["host"], ["lane"], ["lock"], ["engine"], ["kinds"],
            ["simulate"], ["bench"],
        ]

        @Test("explains every command", arguments: commands)
        func help(command: [String]) throws {
            let outcome = try box.run(command + ["--help"])

            #expect(outcome.code == 0, "\(outcome)")
            #expect(outcome.output.contains("USAGE: signalbox"))
            #expect(outcome.output.contains("OVERVIEW"), "\(command) says nothing of itself")
            #expect(outcome.errors.isEmpty)
        }

        @Test("tells what its exit statuses mean")
        func statuses() throws {
            let help = try box.done("--help").output

            for status in ["0", "1", "2", "3", "4", "64", "69", "74", "124"] {
                #expect(help.contains("\n  \(status)  "), "status \(status) is not explained")
            }
        }

        @Test("tells its version")
        func version() throws {
            #expect(try box.done("--version").output.hasPrefix("signalbox "))
        }

        static let mistakes: [[String]] = [
            ["nonsense"], ["--nonsense"], ["submit"], ["submit", "no.such.kind"],
            ["submit", "vm.start"], ["submit", "vm.start", "on-1", "--param", "x=1"],
            ["submit", "vm.start", "on-1", "--param", "boot"],
            ["submit", "vm.rename", "on-1"],
            ["submit", "noop", "--at", "yesterday"], ["submit", "noop", "--priority", "high"],
            ["submit", "noop", "--wait", "--timeout", "long"],
            ["submit", "noop", "--lock", "maybe"],
            ["jobs", "state:"], ["jobs", "colour:blue"], ["jobs", "((("], ["jobs", "--limit", "0"],
            ["jobs", "--sort", "colour"], ["job", "show", "one"], ["job", "show"],
            ["job", "resolve", "1", "--decision", "maybe"], ["job", "log", "1", "--level", "loud"],
            ["demo", "--headless", "--for", "ever"], ["demo", "--speed", "0"],
            ["--hypervisor", "kvm", "vm"], ["--config", "no-such-file", "jobs"],
        ]

        @Test("refuses what makes no sense with one sentence and 64")
        func usage() throws {
            try box.stage()

            for arguments in Self.mistakes {
                let outcome = try box.run(arguments)
                #expect(outcome.code == 64, "\(outcome)")
                #expect(outcome.errors.hasPrefix("signalbox: "), "\(outcome)")
                #expect(outcome.output.isEmpty, "\(outcome)")
            }
        }

        static let missing: [[String]] = [
            ["job", "show", "99"], ["job", "tree", "99"], ["job", "log", "99"],
            ["job", "events", "99"], ["job", "why", "99"], ["job", "wait", "99"],
            ["job", "cancel", "99"], ["job", "abort", "job-99"], ["job", "abandon", "99", "--yes"],
            ["job", "retry", "99"], ["job", "resolve", "99", "--decision", "retry"],
            ["job", "show", "01a20431-36b6-7bdd-b15d-384e76af56be"],
            ["submit", "vm.start", "nobody"], ["submit", "noop", "--after", "99"],
            ["vm", "nobody"], ["host", "nobody"], ["demo", "--headless", "--scenario", "no-such"],
        ]

        @Test("says that something is not there with 4")
        func notFound() throws {
            try box.stage()

            for arguments in Self.missing {
                let outcome = try box.run(arguments)
                #expect(outcome.code == 4, "\(outcome)")
                #expect(outcome.errors.contains("there is no "), "\(outcome)")
                #expect(outcome.output.isEmpty, "\(outcome)")
            }
        }

        static let looks: [[String]] = [
            ["jobs"], ["jobs", "--tree"], ["vm"], ["host"], ["lane"], ["lock"], ["kinds"],
            ["job", "show", "1"], ["job", "tree", "1"], ["job", "log", "1"],
            ["job", "events", "1"],
            ["job", "why", "1"],
        ]

        @Test("lets a reader look and nothing else")
        func readOnly() throws {
            try box.stage()
            #expect(try box.submit("noop") == 1)
            let before = try box.jobs()

            for look in Self.looks {
                try box.run(["--read-only"] + look).mustSucceed()
            }
            let changes = [
                ["submit", "noop"], ["job", "cancel", "1"], ["job", "abort", "1"], ["serve"],
            ]
            for change in changes {
                let outcome = try box.run(change + ["--read-only"])
                #expect(outcome.code == 3, "\(outcome)")
                #expect(outcome.errors.contains("read-only"), "\(outcome)")
            }
            #expect(try box.jobs() == before)
        }

        @Test("takes the global options before the command and after it")
        func optionsAnywhere() throws {
            try box.stage()

            let before = try box.done("--json", "--store", box.store, "vm").output
            let after = try box.done("vm", "--store", box.store, "--json").output

            #expect(before == after)
            #expect(before.hasPrefix("["))
        }

        @Test("needs an engine only where nothing else will do")
        func noEngine() throws {
            try box.stage()
            #expect(try box.submit("noop") == 1)

            #expect(try box.run("engine").code == 69)
            #expect(try box.run("job", "wait", "1").code == 69)
            #expect(try box.run("job", "wait", "1", "--timeout", "100ms").code == 124)
        }
    }
}

extension Outcome {
    /// Records an issue unless the program ended well.
    func mustSucceed(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(code == 0, Comment(rawValue: description), sourceLocation: sourceLocation)
    }
}
