package tenant

import "context"

const passwordsEnabled = "enabled"

type settingsInput struct{}
type settingsOutput struct{}

func (s *Service) handleSettings(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
	return nil, nil
}
func (s *Service) handleUpdateSettings(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
	return nil, nil
}
