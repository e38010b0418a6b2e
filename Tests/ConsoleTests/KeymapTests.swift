import Console
import Terminal
import Testing

@Suite("The table of keys")
struct KeymapTests {
    @Test("every key means what its row says", arguments: Context.allCases)
    func reachable(context: Context) {
        for binding in Keymap.bindings where binding.contexts.contains(context) {
            for key in binding.keys {
                #expect(
                    Keymap.command(for: key, in: context) == binding.command,
                    "\(key) in \(context) is taken twice"
                )
            }
        }
    }

    @Test("every command has a key", arguments: Command.allCases)
    func bound(command: Command) {
        #expect(Keymap.bindings.contains { $0.command == command && !$0.keys.isEmpty })
    }

    @Test("no name of a key in the table is misspelt")
    func spelling() {
        #expect(Keymap.bindings.allSatisfy { !$0.keys.isEmpty && !$0.contexts.isEmpty })
        // One binding has four keys; a misspelt one would be missing.
        #expect(
            Keymap.bindings.first { $0.contexts == [.quitDialog] && $0.hint == "stay" }?.keys.count
                == 4
        )
    }

    @Test("the help names every key and what it means")
    func help() {
        var pilot = Pilot(rows: 200, columns: 200)
        pilot.press("?")

        for binding in Keymap.bindings {
            let names = binding.keys.map(\.description).joined(separator: " ")
            pilot.sees("\(names)")
            pilot.sees(binding.help)
        }
    }

    @Test("the help is searched, and scrolls")
    func helpSearch() {
        var pilot = Pilot()
        pilot.press("?", "G")
        pilot.sees("Signs of the states")
        pilot.press("/")
        pilot.type("abort")
        pilot.press("Enter")

        pilot.sees("abort the job")
        pilot.doesNotSee("to the bottom")
        pilot.press("Esc")
        #expect(pilot.model.context == .jobs)
    }

    @Test("what ends a job is on no control key and no small letter")
    func safe() {
        for binding in Keymap.bindings where [.cancel, .abort, .retry].contains(binding.command) {
            for key in binding.keys {
                #expect(key.modifiers.isEmpty)
                #expect(key.description == key.description.uppercased())
            }
        }
    }

    @Test("no dialog is confirmed by a key that opens one, nor by Enter")
    func confirmation() {
        let yes = Keymap.bindings.filter { $0.command == .confirm }.flatMap(\.keys)
        let opening = Keymap.bindings
            .filter { [.cancel, .abort, .retry, .actions, .choose, .accept].contains($0.command) }
            .flatMap(\.keys)
        #expect(!yes.contains(Key(.enter)))
        #expect(Set(yes).isDisjoint(with: opening))
    }

    @Test("a key that means nothing says so and does nothing")
    func unknown() {
        var pilot = Pilot()
        pilot.press("Z")

        #expect(pilot.status.contains("Z means nothing here"))
        #expect(pilot.effects.isEmpty)
    }

    @Test("keys of a menu are not taken by moving in it", arguments: ["x", "s", "c"])
    func menus(key: String) {
        let moving = Keymap.bindings.filter { $0.contexts.contains(.menu) }.flatMap(\.keys)
        let items = ["x": "CARBUSP", "s": "1234567890", "c": "iutrc"][key] ?? ""
        #expect(Set(moving).isDisjoint(with: items.map(Key.character)))
        #expect(Set(moving).isDisjoint(with: "sobmnzeDv".map(Key.character)))
    }
}
