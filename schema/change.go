package schema

import "time"

// UnifiedInteractionChanges tells what became of unified_interactions: the loader writes it, in the transaction that merges.
var UnifiedInteractionChanges = declare[InteractionChange]("unified_interaction_changes",
	sortedBy("changed_at", "conversation_id", "column_name"))

// InteractionChange is one cell of unified_interactions that a load changed: which run, which column, from what to what. Only
// columns that tell of the world are followed; a row that is new changes nothing.
type InteractionChange struct {
	// The conversation.
	ConversationID string `parquet:"conversation_id" col:"key,max=100"`
	// The column.
	ColumnName string `parquet:"column_name,dict" col:"key,max=100"`
	// When the change was written: etl_loaded_at of the row that replaced the old one.
	ChangedAt time.Time `parquet:"changed_at,timestamp(microsecond)" col:"key"`
	// The run that brought the new value.
	SourceRun string `parquet:"source_run,dict" col:"max=100"`
	// What it was, as text; NULL for NULL. Of whatever class the column is, so that the whole table is for those who may see all.
	OldValue *string `parquet:"old_value" col:"max=2000"`
	// What it became.
	NewValue *string `parquet:"new_value" col:"max=2000"`
	// Whether the column tells of the conversation itself; false for what follows the CRM (the tier today, the owner).
	Restates bool `parquet:"restates"`
}

func (*InteractionChange) table() *Table { return UnifiedInteractionChanges }
