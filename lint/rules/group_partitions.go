package rules

import "github.com/migvet/migvet/lint"

// partitions lists the rules about partitions, and about locks that indexes,
// triggers and the like take.
func partitions() []*lint.Rule {
	return []*lint.Rule{
		partitionDetachBlocks, partitionCreatedBlocks, foreignKeyPartitionedNotValid,
		partitionedIndexConcurrently, partitionedKeyIncomplete, partitionsLocked,
		indexDroppedNotConcurrently, ifNotExistsIndexInvalid,
		tableLocked, triggerAdded, triggerDisabled, ruleCreated, replicaIdentity,
	}
}
