"""What the user sees, as QObjects with signals. No widgets."""
