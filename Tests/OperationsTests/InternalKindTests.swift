import Engine
import Model
import Operations
import Testing

@Suite("Kinds that keep house")
struct InternalKindTests {
    @Test("stand in the list by which their jobs are left out of lists, and no others do")
    func list() {
        let kinds = StandardKinds.all(hypervisor: SmallWorld.hypervisor())
        #expect(kinds.filter(\.isInternal).map(\.name).sorted() == InternalJobs.kinds)
    }
}
